import type { McpError } from '../../ground/errors.js';
import type { Call } from './call.js';

/** The tool was called well; what it asked of the client went wrong. The modern era has errors of its own for some. */
export function isForTheModel({ code }: McpError, { caller }: Call): boolean {
  const hasOwn =
    caller.revision.era === 'modern' && (code === 'capability-missing' || code === 'client-answer-invalid');
  return !hasOwn && (code === 'capability-missing' || code === 'no-channel' || code.startsWith('client-'));
}
