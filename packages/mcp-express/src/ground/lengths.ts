import { McpError } from './errors.js';

/**
 * What texts of a client may have at most, in UTF-16 code units: far more than clients send, and little enough that what
 * is kept, repeated in answers or passed on between nodes stays small.
 */
export const MAX_LENGTH = {
  /** The id of a request, and what `notifications/cancelled` names. */
  id: 256,
  method: 256,
  progressToken: 256,
  /** Names of tools, prompts, arguments; ids of tasks; log levels. */
  name: 1_024,
  /** Of resources and templates. */
  uri: 8_192,
  cursor: 16_384,
} as const;

/** @throws McpError `invalid-params` */
export function assertLength(text: string, most: number, what: string): void {
  if (text.length <= most) return;
  throw new McpError('invalid-params', `${what} may have ${most} characters at most; it has ${text.length}`);
}
