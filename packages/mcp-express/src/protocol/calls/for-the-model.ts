import type { McpError } from '../../ground/errors.js';
import type { Call } from './call.js';

/**
 * Whether a failed client request becomes a tool result with `isError`, for the model to read. 2026-07-28 has protocol
 * errors of its own for some of them.
 */
export function isForTheModel({ code }: McpError, { caller }: Call): boolean {
  const hasOwn =
    caller.revision.era === 'modern' && (code === 'capability-missing' || code === 'client-answer-invalid');
  return !hasOwn && (code === 'capability-missing' || code === 'no-channel' || code.startsWith('client-'));
}
