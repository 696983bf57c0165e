import { McpError } from '../../ground/errors.js';
import { errorText, type JsonRpcRequest } from '../../ground/json-rpc.js';

/** What is said of a call whose node is gone, by whichever node its client comes back to. */
export function interruptedText({ id }: JsonRpcRequest): string {
  return errorText(
    id,
    new McpError('call-interrupted', 'The server stopped while the call ran: it may or may not have been carried out'),
  );
}
