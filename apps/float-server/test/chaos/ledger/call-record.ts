import type { Span } from '../span.js';

/** With sessions, or stateless. */
export type Era = 'legacy' | 'modern';

/** The tool that is called. */
export type CallKind = 'echo' | 'count' | 'ask' | 'work' | 'wait';

/** HTTP status of the response to a POST, or `none` if no response began. */
export type Head = number | 'none';

/** An answer that a client received. */
export interface Answer {
  /** The text of a result; that of a tool error; the message of a JSON-RPC error. */
  readonly kind: 'result' | 'failure' | 'error';
  readonly text: string;
  /** `data.reason` of an error. */
  readonly reason?: string;
}

/** A message of a client that belongs to a call. */
export type Sent = 'cancellation' | 'answer to a question';

/** The record of one call on the client's side. */
export interface CallRecord extends Span {
  /** Unique, such as `c07.12`. */
  readonly id: string;
  /** Name of the client. */
  readonly client: string;
  readonly era: Era;
  readonly kind: CallKind;
  /** Number of progress events it has. */
  readonly steps: number;
  /** Whether it has an idempotency key, so that its client repeats it until it is answered. */
  readonly keyed: boolean;
  /** One entry per attempt. */
  readonly heads: Head[];
  /** The times of its begin and of its end for the client. */
  readonly from: number;
  to: number | undefined;
  /** The first and the last received event id, with which the client can resume. */
  firstId: string | undefined;
  lastId: string | undefined;
  readonly events: number[];
  readonly answers: Answer[];
  /** Whether an answer had no event id on a stream: its node sent it while the store was unavailable. */
  answeredWithoutStore: boolean;
  /** The answers that later reads of the stream had. */
  readonly rereads: Answer[];
  /** Messages of the client that the server acknowledged with 202. */
  readonly acknowledged: Sent[];
  /** The history of its stream with times, for reports. */
  readonly trail: string[];
  /** Aborted when the stream is complete but its client would keep waiting. */
  lost: AbortController;
  /** Whether its client has cancelled it. */
  cancelled: boolean;
  /** Whether the time limit passed without an answer. */
  overdue: boolean;
}
