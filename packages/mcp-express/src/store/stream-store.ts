import type { SessionId } from './session-store.js';

/** The id of a stream, unique within its session. */
export type StreamId = string;

/** Names a stream of a session. */
export interface StreamKey {
  readonly session: SessionId;
  readonly stream: StreamId;
}

/** The pending responses of a stream: the requests that a node will answer on it. */
export interface PendingResponses {
  /** The node that runs the requests. */
  readonly node: string;
  /** For each response, the error response that is stored instead if the node dies: JSON text on one line. */
  readonly errors: readonly string[];
  /** The trace context of the requests, for later resumptions: a short opaque text. Absent: they are not traced. */
  readonly trace?: string;
}

/** A message to append to a stream. */
export interface OutgoingEvent {
  /** One JSON-RPC message as JSON text on one line. */
  readonly data: string;
  /**
   * The message is the response to a request. Responses are kept longer than notifications when a stream must shrink.
   */
  readonly answer?: boolean;
  /**
   * A shorter response that is stored instead if the response must be dropped before it is delivered: JSON text on one
   * line. Absent where the response is small enough to be always kept.
   */
  readonly shortForm?: string;
  /**
   * The index of this response among the pending responses that the stream was opened with. Each of them is stored
   * once.
   */
  readonly pendingIndex?: number;
}

/** An event as it is read from a stream. */
export interface StoredEvent {
  /**
   * The event id, which becomes the `id:` field of SSE. It identifies the stream and the position in it, is unique in
   * the session, and is opaque to callers.
   */
  readonly id: string;
  readonly data: string;
}

/** The size of a page. */
export interface PageLimit {
  readonly events: number;
  /** Characters of event data. A page has at least one event, whatever its size. */
  readonly characters: number;
}

/**
 * Where to read from: after an event id, from the first event still held (`start`), or after the last event that was
 * delivered to a client (`undelivered`).
 */
export type Position = { readonly after: string } | 'start' | 'undelivered';

/** Consecutive events of a stream. */
export interface Page {
  readonly events: readonly StoredEvent[];
  /** The stream has ended and these are its last events. */
  readonly ended: boolean;
  /** No event followed these at the time of reading. Absent: unknown; the reader reads again. */
  readonly atEnd?: boolean;
  /**
   * Events between the position and this page were dropped at a limit, or a response on this page replaces one that
   * was.
   */
  readonly gap: boolean;
  /** The node that runs the pending responses of the stream; absent when none is pending, or the stream has ended. */
  readonly pendingOn?: string;
  /** The trace context that the stream was opened with, also after its responses are stored; absent without one. */
  readonly trace?: string;
}

/**
 * The outcome of `StreamStore.append`.
 *
 * - `stored`: the events are in the stream.
 * - `full`: nothing was stored, because attached readers have not yet read the events that would have to be dropped.
 *   The caller tries again.
 * - `dropped`: nothing was stored: the events are notifications, and there is no room for them.
 */
export type AppendOutcome = 'stored' | 'full' | 'dropped';

/**
 * Streams: ordered logs of outgoing messages, with event ids that the store alone assigns.
 *
 * **Bounds.** A store bounds the events of each session by bytes, number and age. A stream is *attached* while a reader
 * on any node watches it. At a limit, events are dropped in this order:
 *
 * 1. delivered events;
 * 2. notifications of detached streams, oldest first;
 * 3. undelivered responses of detached streams, oldest first, but only where notifications would exceed twice the
 *    limit, or a response four times the limit. A dropped response is replaced by its shorter form, under the same
 *    event id, and the page that holds it reports `gap`.
 *
 * Events that an attached reader has not read are not dropped: `append` is `full` and the writer waits. The events of a
 * session therefore stay below four times its limits, plus one event that exceeds them by itself, plus small responses,
 * which have no shorter form.
 *
 * **Quotas.** The sessions of one quota holder together have four times the bytes of one session, small responses not
 * counted. Above this quota they make room for each other in the order above, and writers wait for their readers; the
 * events of other holders are not touched.
 */
export interface StreamStore {
  /**
   * Creates an empty stream. A no-op when the stream exists.
   *
   * @param debt its pending responses, if any.
   * @param holder the quota holder that the streams of this session count against; the first one that is given for a
   * session stays. Absent: none.
   * @throws McpError `too-many-streams` at the limit of streams, when none of those that have ended can be forgotten.
   */
  open(key: StreamKey, debt?: PendingResponses, holder?: string): Promise<void>;

  /**
   * Appends events in order, all of them or none: none when it rejects, or resolves with another outcome than `stored`.
   * Concurrent appends are not interleaved, and event ids are distinct and increasing.
   *
   * A response that is no longer pending, because it or its substitute was stored before, is left out. So an append
   * with an unknown outcome can be repeated, and a node that was given up cannot answer twice. The append that stores the
   * last pending response ends the stream: its node may die before it can, and then no node has a reason to.
   *
   * @param end ends the stream after the last event, in the same atomic step.
   * @param force for a writer that has waited for its readers in backoff: drops events as if no stream were attached, and
   * where that is not enough stores the shorter form of a response, and no notifications. The outcome is never `full`,
   * and for a response always `stored`.
   * @throws Error when the stream does not exist, or has ended and any event would be appended.
   */
  append(key: StreamKey, events: readonly OutgoingEvent[], end?: boolean, force?: boolean): Promise<AppendOutcome>;

  /**
   * Stores the error response of each response that is still pending, and ends the stream, in one atomic step: for
   * streams whose node has died. A no-op when the stream does not exist, has ended, or has no pending responses.
   */
  settle(key: StreamKey): Promise<void>;

  /**
   * Reads the events after a position, in order, up to `limit`.
   *
   * @returns `undefined` when this session has no such stream (also when another session has), or the stream never had
   * the event id in `after`.
   */
  read(key: StreamKey, position: Position, limit: PageLimit): Promise<Page | undefined>;

  /** Records that all events up to this one were delivered to a client. Never moves backwards. */
  delivered(key: StreamKey, eventId: string): Promise<void>;

  /** Ends a stream without another event. A no-op when it does not exist or has ended. */
  end(key: StreamKey): Promise<void>;

  /**
   * Attaches a reader: calls `wake` soon after each append to, or end of, the stream by any node. Several changes may
   * cause one call. `wake` must not throw.
   *
   * The stream stays attached until the returned function is called; other nodes see this at the latest after the next
   * read or append by this node. An attached stream is not forgotten for its age, or to make room for another stream,
   * before it was read to its end. A node that dies may leave a stream attached; `force` overrides that.
   *
   * @returns a function that detaches the reader.
   */
  watch(key: StreamKey, wake: () => void): () => void;

  /** Removes all streams of a session. */
  drop(session: SessionId): Promise<void>;
}
