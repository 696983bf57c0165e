import type { McpError } from '../../ground/errors.js';

/** Told what a call came to, also after its client has gone. The first of these says it. */
export interface AnswerKeeper {
  /** @param text JSON text. */
  result(text: string): void;
  error(error: McpError): void;
  /** Nothing that would answer the same call again: it asked a question, or it was cancelled and failed. */
  none(): void;
}
