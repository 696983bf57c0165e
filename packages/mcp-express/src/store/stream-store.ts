import type { SessionId } from './session-store.js';

export type StreamId = string;

export interface StreamKey {
  readonly session: SessionId;
  readonly stream: StreamId;
}

/** What a node owes on a stream. */
export interface Debt {
  /** The node that will give the answers. */
  readonly node: string;
  /** What is said in place of each answer, should that node be gone: JSON text on one line. */
  readonly inPlace: readonly string[];
}

/** A message on its way into a stream. */
export interface OutgoingEvent {
  /** One JSON-RPC message as JSON text on one line. */
  readonly data: string;
  /** A terminal answer, which outlives notifications when the stream must shrink. */
  readonly answer?: boolean;
  /** Which of the answers that the stream was opened owing it is: its place in `Debt.inPlace`. Each is taken once. */
  readonly owed?: number;
}

export interface StoredEvent {
  /** Names the stream and the place in it; unique in the session. Opaque above the store. */
  readonly id: string;
  readonly data: string;
}

/** How much to read at a time. */
export interface PageLimit {
  readonly events: number;
  /** Characters of event data; at least one event is read however large it is. */
  readonly characters: number;
}

/** Where to read from: after an event, from the first event still held, or after what was last handed to a client. */
export type Position = { readonly after: string } | 'start' | 'undelivered';

export interface Page {
  readonly events: readonly StoredEvent[];
  /** Nothing follows these events, now or later. */
  readonly ended: boolean;
  /** Nothing followed these events at that moment. Absent: the store does not know, and will be asked again. */
  readonly atEnd?: boolean;
  /** Events between the position and the first event of this page were dropped by a limit. */
  readonly gap: boolean;
  /** The node that owes answers on the stream; absent when nobody does, or it has ended. */
  readonly owedBy?: string;
}

/**
 * Streams: ordered logs of outgoing messages. The store alone assigns event ids. It bounds what it keeps per session
 * by bytes, events and age; under pressure notifications go first, then answers that were delivered, then the oldest.
 */
export interface StreamStore {
  /** Makes an empty stream, on which answers may be owed. Opening an open stream changes nothing. */
  open(key: StreamKey, debt?: Debt): Promise<void>;

  /**
   * Appends the events in order, all of them or, when it rejects, none. With `end`, the stream ends after the last one,
   * in the same step. Concurrent appends each stay together and get distinct, increasing ids.
   * An answer that is not owed any more, because it or what stands in its place was appended before, is left out: so an
   * append that may have been made can be made again, and a node that was given up cannot answer twice.
   * Rejects when the stream is unknown, or has ended and something would be appended.
   */
  append(key: StreamKey, events: readonly OutgoingEvent[], end?: boolean): Promise<void>;

  /**
   * Appends what stands in place of each answer that is still owed, and ends the stream, in one step. A no-op when it is
   * unknown, has ended, or owes nothing. For streams whose node is gone.
   */
  settle(key: StreamKey): Promise<void>;

  /**
   * Events from a position on, as many as `limit` allows, in order. `undefined` when the stream is not known in this session (which
   * is also the answer for a stream of another session), or when `after` is an id this stream never gave out.
   */
  read(key: StreamKey, position: Position, limit: PageLimit): Promise<Page | undefined>;

  /** Remembers that everything up to this event was handed to a client. Never moves backwards. */
  delivered(key: StreamKey, eventId: string): Promise<void>;

  /** Ends a stream without a further event. A no-op when it is unknown or has ended. */
  end(key: StreamKey): Promise<void>;

  /**
   * Calls `wake` some time after each append to or end of the stream, from any node, until the returned function is
   * called. Several changes may be told as one. `wake` must not throw.
   */
  watch(key: StreamKey, wake: () => void): () => void;

  /** Forgets all streams of a session. */
  drop(session: SessionId): Promise<void>;
}
