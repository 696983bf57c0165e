import { FloatApiError } from '../errors.js';

/** The FloatApiError a call fails with; anything else it does is thrown. */
export async function failureOf(call: Promise<unknown>): Promise<FloatApiError> {
  const error: unknown = await call.then(
    () => new Error('succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FloatApiError)) throw error;
  return error;
}
