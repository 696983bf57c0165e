/** Error responses in Float's formats. */

/** A response before it is written. `html` is for the edge server, which sends no JSON. */
export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly html?: string;
}

/** A problem with one field. */
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

/** HTTP statuses of errors. */
export type ErrorStatus = keyof typeof NAMES;

/** An error that ends a request with a status. */
export class ApiError extends Error {
  override readonly name = 'Refusal';
  readonly status: ErrorStatus;
  readonly problems: readonly FieldProblem[];

  constructor(status: ErrorStatus, message: string, problems: readonly FieldProblem[] = []) {
    super(message);
    this.status = status;
    this.problems = problems;
  }
}

/** The form of a 422 body. Both have been reported; Yii's own is the list. */
export type InvalidShape = 'list' | 'object';

/** Converts an error to a response. */
export function errorResponse(refusal: ApiError, shape: InvalidShape): ApiResponse {
  const asList = refusal.status === 422 && shape === 'list';
  return { status: refusal.status, body: asList ? refusal.problems : errorBody(refusal.status, refusal.message) };
}

/** The body of an error. */
export function errorBody(status: number, message: string): Record<string, unknown> {
  return { name: nameOf(status), message, code: 0, status };
}

function nameOf(status: number): string {
  return Object.entries(NAMES).find(([code]) => Number(code) === status)?.[1] ?? 'Error';
}

/** A 422 error. */
export function invalid(problems: readonly FieldProblem[]): ApiError {
  return new ApiError(422, problems.map(({ message }) => message).join(' '), problems);
}

/** The 404 error for a missing record. */
export function recordNotFound(id: string | number): ApiError {
  return new ApiError(404, `Object not found: ${id}`);
}
