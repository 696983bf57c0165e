import type { McpError } from '../protocol/errors.js';

/** Receives the outcome of a call, even after its client has disconnected. Only the first outcome counts. */
export interface OutcomeRecorder {
  /** @param text JSON text. */
  result(text: string): void;
  error(error: McpError): void;
  /** There is no answer to repeat for a retry: the call asked the client for input, or it was cancelled or failed. */
  none(): void;
}
