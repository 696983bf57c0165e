/** A period of a run, in milliseconds of `performance.now()` of the process that injects the faults. */
export interface Span {
  readonly from: number;
  /** Absent while the period continues. */
  readonly to?: number | undefined;
}

/** Whether two periods have a moment in common. */
export function overlap(one: Span, other: Span): boolean {
  return one.from <= (other.to ?? Number.POSITIVE_INFINITY) && other.from <= (one.to ?? Number.POSITIVE_INFINITY);
}

/** The length in milliseconds; infinite while the period continues. */
export function lengthOf({ from, to }: Span): number {
  return (to ?? Number.POSITIVE_INFINITY) - from;
}
