/** The way a client speaks MCP: with sessions, or stateless. */
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

/** The data of one call from its client's point of view. */
export interface CallRecord {
  /** Unique id, such as `c07.12`. */
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
  /** Last received event id, from which the client can resume. */
  lastId: string | undefined;
  readonly events: number[];
  readonly answers: Answer[];
  /** Breaks and resumptions of its stream, for diagnosis. */
  readonly trail: string[];
  /** Aborted when the stream is complete but its client would keep waiting. */
  lost: AbortController;
  /** Whether its client has cancelled it. */
  cancelled: boolean;
  /** Whether the time limit passed without an answer. */
  overdue: boolean;
}
