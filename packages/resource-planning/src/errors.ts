/** Reasons for which a question about the plan cannot be answered, apart from failures of the program. */
export type PlanningErrorCode =
  | 'bad-day'
  | 'bad-number'
  | 'hours-out-of-range'
  | 'no-working-day'
  | 'range-reversed'
  | 'range-too-long'
  | 'too-many-demands'
  | 'unknown-range';

/** The error of this package. Its message is meant for the user. */
export class PlanningError extends Error {
  override readonly name = 'PlanningError';

  constructor(
    readonly code: PlanningErrorCode,
    message: string,
  ) {
    super(message);
  }
}
