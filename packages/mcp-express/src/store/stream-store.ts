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
  /** What stands for the answer where it must go before it was delivered: JSON text on one line. Absent where it is small. */
  readonly instead?: string;
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
  /** Events after the position were dropped by a limit, or an answer on this page stands for one that was. */
  readonly gap: boolean;
  /** The node that owes answers on the stream; absent when nobody does, or it has ended. */
  readonly owedBy?: string;
}

/**
 * - `stored`: the events are in the stream.
 * - `full`: nothing was stored, because readers have not read yet what would have to go. To be tried again.
 * - `dropped`: nothing was stored: these are notifications for which there is no room.
 */
export type Appended = 'stored' | 'full' | 'dropped';

/**
 * Streams: ordered logs of outgoing messages. The store alone assigns event ids.
 *
 * The sessions of one holder have four times the bytes of one session together, besides small answers. Beyond it they
 * make room for each other in the order below, and writers wait for their readers; what other holders have stays.
 *
 * It bounds what it keeps per session by bytes, events and age. A stream that is watched, on whichever node, is attached.
 * Room is made in this order: what was delivered; notifications of streams that are not attached, oldest first; then,
 * where twice the limits would be exceeded by notifications or four times the limits by an answer, answers that were
 * not delivered, of streams that are not attached, oldest first. An answer does not vanish: `OutgoingEvent.instead`
 * takes its place, under its event id, and the page that holds it says `gap`. What an attached reader has not read is
 * not dropped: the append is `full`, and the writer waits. So what a session holds stays below four times the limits,
 * plus one event that is larger than that by itself, plus the small answers, which have no `instead`.
 */
export interface StreamStore {
  /**
   * Makes an empty stream, on which answers may be owed. Opening an open stream changes nothing.
   *
   * @param holder whom the streams of this session are counted for; the first that is named counts. Absent: for none.
   */
  open(key: StreamKey, debt?: Debt, holder?: string): Promise<void>;

  /**
   * Appends the events in order, all of them or, when it rejects or is not `stored`, none. With `end`, the stream ends after
   * the last one, in the same step. Concurrent appends each stay together and get distinct, increasing ids.
   * An answer that is not owed any more, because it or what stands in its place was appended before, is left out: so an
   * append that may have been made can be made again, and a node that was given up cannot answer twice.
   * With `force`, readers were waited for in vain: what attached readers have not read goes as if they were not there, and
   * where that is not enough `instead` is stored in place of the answer itself, and notifications are not stored. It is
   * never `full`, and an answer is always `stored`.
   * Rejects when the stream is unknown, or has ended and something would be appended.
   */
  append(key: StreamKey, events: readonly OutgoingEvent[], end?: boolean, force?: boolean): Promise<Appended>;

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
   * called. Several changes may be told as one. `wake` must not throw. Until then the stream is attached, which other nodes
   * see as soon as something was read or appended here. A node that is gone may leave a stream attached: `force` ends that.
   * An attached stream is not forgotten for its age, or to make room for another stream, before it was read.
   */
  watch(key: StreamKey, wake: () => void): () => void;

  /** Forgets all streams of a session. */
  drop(session: SessionId): Promise<void>;
}
