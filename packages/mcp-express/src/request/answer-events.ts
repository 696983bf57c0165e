import { McpError } from '../protocol/errors.js';
import { errorObjectText, type JsonRpcRequest, preparedErrorText } from '../protocol/json-rpc.js';
import type { OutgoingEvent } from '../store/store.js';

/** An answer, and its index among those that the stream owes. */
export interface PendingAnswer {
  readonly place: number;
  readonly text: string;
  /** Text that the store keeps instead if it has to drop the answer. */
  readonly instead?: string | undefined;
}

/** The stream event of an answer. */
export function answerEvent({ place, text, instead }: PendingAnswer): OutgoingEvent {
  const event: OutgoingEvent = { data: text, answer: true, pendingIndex: place };
  return instead === undefined ? event : { ...event, shortForm: instead };
}

const INTERRUPTED = new McpError(
  'call-interrupted',
  'The server stopped while the call ran: it may or may not have been carried out',
);
/** Serialised once, because every stream opens with it. */
const ERROR_JSON = errorObjectText(INTERRUPTED, INTERRUPTED.rpcCode);

const DROPPED = new McpError(
  'response-dropped',
  'The call has ended, but its response had to be dropped: too many responses of this session were not read',
);
const DROPPED_JSON = {
  session: errorObjectText(DROPPED, DROPPED.rpcCode),
  stateless: errorObjectText(DROPPED, DROPPED.modernRpcCode),
};

/** Shorter answers, in characters, are not replaced: the error would hardly be shorter. */
const WORTH_DROPPING = 2_048;

/**
 * The error that takes the place of an answer which the store drops before the client has received it. `undefined` for
 * a small answer, which stays.
 */
export function droppedText(
  { id }: JsonRpcRequest,
  answer: string,
  kind: keyof typeof DROPPED_JSON,
): string | undefined {
  return answer.length < WORTH_DROPPING ? undefined : preparedErrorText(id, DROPPED_JSON[kind]);
}

/** The error for a call whose node is gone. It is stored when the stream opens, and any node can send it. */
export function interruptedText({ id }: JsonRpcRequest): string {
  return preparedErrorText(id, ERROR_JSON);
}
