/** Billable marks that apply to work. Float inverts the mark of projects and phases. */
export interface BillablePlace {
  readonly projectNonBillable?: boolean | undefined;
  readonly phaseNonBillable?: boolean | undefined;
  /** The mark of the project task; undefined for work without a task. */
  readonly taskBillable?: boolean | undefined;
}

/** Work is billable if its project, phase and project task all are. */
export function isBillable({ projectNonBillable, phaseNonBillable, taskBillable }: BillablePlace): boolean {
  return projectNonBillable !== true && phaseNonBillable !== true && taskBillable !== false;
}
