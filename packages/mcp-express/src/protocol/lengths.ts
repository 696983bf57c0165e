import { McpError } from './errors.js';

/**
 * Longest texts from clients, in UTF-16 code units. Well above real values, and short enough for texts that are stored,
 * repeated in answers or sent to other nodes.
 */
export const MAX_LENGTH = {
  /** Request ids, also in `notifications/cancelled`. */
  id: 256,
  method: 256,
  progressToken: 256,
  /** Names of tools, prompts and arguments; task ids; log levels. */
  name: 1_024,
  /** URIs of resources and templates. */
  uri: 8_192,
  cursor: 16_384,
} as const;

/**
 * @param what subject of the error message
 * @throws McpError `invalid-params` when the text is longer than `most`
 */
export function assertLength(text: string, most: number, what: string): void {
  if (text.length <= most) return;
  throw new McpError('invalid-params', `${what} may have ${most} characters at most; it has ${text.length}`);
}
