export type Era = 'legacy' | 'modern';

export type CallKind = 'echo' | 'count' | 'ask' | 'work' | 'wait';

/** How a POST was answered: its HTTP status, or that no answer began. */
export type Head = number | 'none';

/** What a client was given as the answer to a call. */
export interface Answer {
  /** The text of a result; that of one that says the tool failed; the message of a JSON-RPC error. */
  readonly kind: 'result' | 'failure' | 'error';
  readonly text: string;
  /** `data.reason` of an error. */
  readonly reason?: string;
}

/** All that a client knows of one call. */
export interface CallRecord {
  /** Such as `c07.12`: nobody else's. */
  readonly id: string;
  /** Whose. */
  readonly client: string;
  readonly era: Era;
  readonly kind: CallKind;
  /** How many progress events belong to it. */
  readonly steps: number;
  /** It has an idempotency key, by which its client sends it again as long as it has no answer. */
  readonly keyed: boolean;
  /** One for each time that it was sent. */
  readonly heads: Head[];
  /** The last event id that came, by which its client can come back. */
  lastId: string | undefined;
  readonly events: number[];
  readonly answers: Answer[];
  /** How its stream broke and was come back to, for whoever wants to know what happened. */
  readonly trail: string[];
  /** Fires when there is nothing more to wait for: its stream is over, and its client does not know. */
  lost: AbortController;
  /** Its client does not want it any more. */
  cancelled: boolean;
  /** Nothing came of it for as long as a client waits. */
  overdue: boolean;
}
