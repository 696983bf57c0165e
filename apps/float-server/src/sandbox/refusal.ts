/** What the sandbox answers instead of doing what was asked, in Float's shapes. */

/** An answer before it becomes HTTP. `html` stands for the edge layer, which speaks no JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly html?: string;
}

export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

const NAMES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
} as const;

export type RefusalStatus = keyof typeof NAMES;

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: RefusalStatus;
  readonly problems: readonly FieldProblem[];

  constructor(status: RefusalStatus, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** 422 bodies have been reported in both shapes; Yii's own is the list. */
export type InvalidShape = 'list' | 'object';

export function refusalAnswer(refusal: Refusal, shape: InvalidShape): Answer {
  const asList = refusal.status === 422 && shape === 'list';
  return { status: refusal.status, body: asList ? refusal.problems : errorBody(refusal.status, refusal.message) };
}

export function errorBody(status: number, message: string): Record<string, unknown> {
  return { name: nameOf(status), message, code: 0, status };
}

function nameOf(status: number): string {
  return Object.entries(NAMES).find(([code]) => Number(code) === status)?.[1] ?? 'Error';
}

export function invalid(problems: readonly FieldProblem[]): Refusal {
  return new Refusal(422, problems.map(({ message }) => message).join(' '), problems);
}

export function recordNotFound(id: string | number): Refusal {
  return new Refusal(404, `Object not found: ${id}`);
}
