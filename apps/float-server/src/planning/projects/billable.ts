/** Where work can be marked as not billable. Float writes the mark of projects and phases the other way round. */
export interface BillablePlace {
  readonly projectNonBillable?: boolean | undefined;
  readonly phaseNonBillable?: boolean | undefined;
  /** The mark of the project task; work without a task has none. */
  readonly taskBillable?: boolean | undefined;
}

/** An hour is billable when its project, its phase and its project task all are. */
export function isBillable({ projectNonBillable, phaseNonBillable, taskBillable }: BillablePlace): boolean {
  return projectNonBillable !== true && phaseNonBillable !== true && taskBillable !== false;
}
