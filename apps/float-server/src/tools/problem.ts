import { FloatApiError } from '../float/errors.js';
import { marked, oneLine } from '../foreign-text.js';
import { PlanningError } from '../planning/errors.js';

export type ToolProblemCode =
  | 'unknown-name'
  | 'ambiguous-name'
  | 'bad-argument'
  | 'missing-argument'
  | 'conflicting-arguments'
  | 'nothing-to-change'
  | 'booked-in-part';

/** Something the caller can mend by asking differently. The message says how. */
export class ToolProblem extends Error {
  override readonly name = 'ToolProblem';

  constructor(
    readonly code: ToolProblemCode,
    message: string,
  ) {
    super(message);
  }
}

/** The sentence for whoever asked, or `undefined` when the error is our own fault. */
export function problemText(error: unknown): string | undefined {
  if (error instanceof ToolProblem)
    return NAMES.has(error.code) ? marked(oneLine(error.message)) : oneLine(error.message);
  if (error instanceof PlanningError) return oneLine(error.message);
  if (!(error instanceof FloatApiError)) return undefined;
  const advice = ADVICE[error.code];
  const said = oneLine(error.message);
  return advice === undefined ? said : `${said}. ${advice}`;
}

/** Their messages list names of records. */
const NAMES: ReadonlySet<ToolProblemCode> = new Set(['unknown-name', 'ambiguous-name']);

const ADVICE: Partial<Record<FloatApiError['code'], string>> = {
  unauthorized: 'Whoever runs this server has to set FLOAT_API_KEY, or the token in FLOAT_TOKENS_FILE, to a valid one.',
  'not-found': 'Look the record up first; its id may be wrong, or it was deleted.',
  'rate-limited': 'Wait a minute, or ask for a shorter range.',
  unavailable: 'Try again in a moment.',
  timeout: 'Try again in a moment, or ask for a shorter range.',
};
