/** Everything that can be wrong with a question about the plan, as opposed to a failure of the program. */
export type PlanningErrorCode =
  | 'bad-day'
  | 'bad-number'
  | 'hours-out-of-range'
  | 'no-working-day'
  | 'range-reversed'
  | 'range-too-long'
  | 'too-many-demands'
  | 'unknown-range';

/** The one error of this folder. Its message is meant for whoever asked. */
export class PlanningError extends Error {
  override readonly name = 'PlanningError';

  constructor(
    readonly code: PlanningErrorCode,
    message: string,
  ) {
    super(message);
  }
}
