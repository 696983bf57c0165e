import { FloatApiError } from '../../src/errors.js';

/** The `FloatApiError` with which a call fails. @throws any other outcome */
export async function failureOf(call: Promise<unknown>): Promise<FloatApiError> {
  const error: unknown = await call.then(
    () => new Error('succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FloatApiError)) throw error;
  return error;
}
