import { McpError } from '../../ground/errors.js';

export function callOver(): McpError {
  return new McpError('client-timeout', 'The call ended before the client had answered');
}
