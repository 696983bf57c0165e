import { causeOf, McpError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import type { Call } from './call.js';
import type { RunningCall } from './running-call.js';

/** The call that gets the result. */
type Scope = Pick<RunningCall, 'writer' | 'toolFailed'>;

/**
 * A failure that the model should see and may correct with another call, as a result in JSON.
 * @param cause the underlying error, for observers
 */
export function failureText(text: string, scope: Scope, cause?: unknown): string {
  scope.toolFailed(cause);
  return scope.writer.write({ content: [{ type: 'text', text }], isError: true });
}

/** An error of a handler as a result in JSON, with its message as text. */
export function thrownText(thrown: unknown, scope: Scope): string {
  const cause = McpError.is(thrown) ? thrown.cause : causeOf(thrown);
  return failureText(messageOf(thrown), scope, cause);
}

/** The message of a thrown value. Never throws. */
function messageOf(thrown: unknown): string {
  try {
    const message = isObject(thrown) && 'message' in thrown ? thrown['message'] : thrown;
    const text = message === undefined ? '' : String(message);
    if (text !== '' && !text.startsWith('[object ')) return text;
  } catch {
    // The message is not readable.
  }
  return 'The tool failed without saying why';
}

/**
 * Whether a failed client request becomes a tool result with `isError`, for the model to read. 2026-07-28 has protocol
 * errors of its own for some of them.
 */
export function isToolError({ code }: McpError, { context }: Call): boolean {
  const hasOwn =
    context.revision.era === 'modern' && (code === 'capability-missing' || code === 'client-answer-invalid');
  return !hasOwn && (code === 'capability-missing' || code === 'no-channel' || code.startsWith('client-'));
}
