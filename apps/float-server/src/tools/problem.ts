import { FloatApiError } from 'float-api';
import { PlanningError } from 'resource-planning';
import { oneLine, withQuoteNotice } from '../untrusted-text.js';

/** Reasons for which a tool rejects its arguments. */
export type ToolProblemCode =
  | 'unknown-name'
  | 'ambiguous-name'
  | 'bad-argument'
  | 'missing-argument'
  | 'conflicting-arguments'
  | 'nothing-to-change'
  | 'booked-in-part';

/** An error that the caller can correct by changing the arguments. The message explains the correction. */
export class ToolProblem extends Error {
  override readonly name = 'ToolProblem';

  constructor(
    readonly code: ToolProblemCode,
    message: string,
  ) {
    super(message);
  }
}

/** The message for the caller; undefined for an internal error, whose text must not reach clients. */
export function problemText(error: unknown): string | undefined {
  if (error instanceof ToolProblem)
    return NAMES.has(error.code) ? withQuoteNotice(oneLine(error.message)) : oneLine(error.message);
  if (error instanceof PlanningError) return oneLine(error.message);
  if (!(error instanceof FloatApiError)) return undefined;
  const advice = ADVICE[error.code];
  const message = oneLine(error.message);
  return advice === undefined ? message : `${message}. ${advice}`;
}

/** Codes whose messages contain names of records, which are text of unknown origin. */
const NAMES: ReadonlySet<ToolProblemCode> = new Set(['unknown-name', 'ambiguous-name']);

const ADVICE: Partial<Record<FloatApiError['code'], string>> = {
  unauthorized: 'The operator of this server has to set a valid FLOAT_API_KEY or token in FLOAT_TOKENS_FILE.',
  'not-found': 'Look the record up first; its id may be wrong, or it was deleted.',
  'rate-limited': 'Wait a minute, or ask for a shorter range.',
  unavailable: 'Try again in a moment.',
  timeout: 'Try again in a moment, or ask for a shorter range.',
};
