import { McpError } from '../../ground/errors.js';
import { errorObjectText, type JsonRpcRequest, preparedErrorText } from '../../ground/json-rpc.js';

const INTERRUPTED = new McpError(
  'call-interrupted',
  'The server stopped while the call ran: it may or may not have been carried out',
);
/** Written once: every stream is opened with it. */
const ERROR_JSON = errorObjectText(INTERRUPTED, INTERRUPTED.rpcCode);

const DROPPED = new McpError(
  'response-dropped',
  'The call has ended, but its response had to be dropped: too many responses of this session were not read',
);
const DROPPED_JSON = {
  session: errorObjectText(DROPPED, DROPPED.rpcCode),
  stateless: errorObjectText(DROPPED, DROPPED.modernRpcCode),
};

/** An answer of fewer characters is not worth replacing by an error, which is hardly shorter. */
const WORTH_DROPPING = 2_048;

/** What stands for an answer that a store must drop before its client took it; `undefined` where the answer is small. */
export function insteadOf({ id }: JsonRpcRequest, answer: string, kind: keyof typeof DROPPED_JSON): string | undefined {
  return answer.length < WORTH_DROPPING ? undefined : preparedErrorText(id, DROPPED_JSON[kind]);
}

/** What is said of a call whose node is gone, by whichever node its client comes back to. */
export function interruptedText({ id }: JsonRpcRequest): string {
  return preparedErrorText(id, ERROR_JSON);
}
