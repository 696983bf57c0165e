import { McpError } from '../../ground/errors.js';
import { errorObjectText, type JsonRpcRequest, preparedErrorText } from '../../ground/json-rpc.js';

const INTERRUPTED = new McpError(
  'call-interrupted',
  'The server stopped while the call ran: it may or may not have been carried out',
);
/** Written once: every stream is opened with it. */
const ERROR_JSON = errorObjectText(INTERRUPTED, INTERRUPTED.rpcCode);

/** What is said of a call whose node is gone, by whichever node its client comes back to. */
export function interruptedText({ id }: JsonRpcRequest): string {
  return preparedErrorText(id, ERROR_JSON);
}
