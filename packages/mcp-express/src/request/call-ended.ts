import { McpError } from '../protocol/errors.js';

/** The error that rejects client requests of a call that has ended. */
export function callEnded(): McpError {
  return new McpError('client-timeout', 'The call ended before the client had answered');
}

/** The reason of a call that ran into its deadline. */
export function callLate(timeoutMs: number): McpError {
  return new McpError('deadline-exceeded', `The call was not finished within ${timeoutMs} ms`);
}
