import type { ClientCapabilities, Implementation } from '../ground/mcp.js';
import type { TaskStore } from './task-store.js';

export type * from './task-store.js';

/**
 * Where sessions and streams live, and how nodes reach each other. Everything a node must remember between two HTTP
 * requests is in here and nowhere else, which is what lets any node serve any request.
 *
 * Rules for every method of every part:
 * - Failure is never absence: a store that cannot answer rejects, fast. `undefined` means "surely not there".
 * - Methods may be called concurrently, from any number of nodes.
 * - Times are milliseconds since 1970 and absolute, so that a slow write cannot lengthen a life.
 * - Nothing may depend on being told that something ended: what is forgotten expires by itself.
 *
 * `mcp-express/testing` exports this contract as a test suite.
 */
export interface Store {
  readonly sessions: SessionStore;
  readonly streams: StreamStore;
  readonly subscriptions: Subscriptions;
  readonly versions: Versions;
  readonly tasks: TaskStore;
  readonly claims: ClaimStore;
  readonly leases: Leases;
  readonly bus: Bus;
  /** Releases timers and connections. Later calls reject. Idempotent. */
  close(): Promise<void>;
}

export type SessionId = string;
export type StreamId = string;

/** One legacy session (revisions up to 2025-11-25). Plain data: it must survive `JSON.stringify`. */
export interface SessionRecord {
  readonly id: SessionId;
  /** The key of the principal that opened it; the empty string for an anonymous one. */
  readonly owner: string;
  /** The revision that `initialize` agreed on. */
  readonly revision: string;
  readonly client: Implementation;
  readonly capabilities: ClientCapabilities;
  /** The stream that GET shows. */
  readonly standalone: StreamId;
  readonly createdAt: number;
  /** The version of each list the client was last told of; where one differs on reconnect, a change is announced. */
  readonly lists: Readonly<Record<string, string>>;
  /** The least severe log messages the client wants; absent until it said so. */
  readonly logLevel?: string;
}

export interface SessionLimits {
  /** Sessions in all. */
  readonly total: number;
  /** Sessions of one owner. Not applied to the anonymous owner, who is many people. */
  readonly perOwner: number;
  /** Sessions that are busy on the calling node for too short a time yet to be held. @default none */
  readonly isBusy?: (id: SessionId) => boolean;
}

export type CreateOutcome =
  | { readonly created: true; readonly evicted: readonly SessionId[] }
  | { readonly created: false };

export interface SessionStore {
  /**
   * Stores a new session that expires at `expiresAt` unless touched. Where a ceiling is reached, the session that was
   * idle longest makes room (first the same owner's, for the owner's ceiling) and is named in `evicted`; a held session
   * never does, nor one that `limits.isBusy` names. When nothing can make room, nothing is stored and `created` is false.
   */
  create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome>;

  /**
   * Reads a session of this owner and moves its expiry to `expiresAt`, in one step. `undefined`, and nothing moved, when
   * it is somebody else's, never was, has expired, was evicted or was deleted.
   */
  touch(id: SessionId, owner: string, expiresAt: number): Promise<SessionRecord | undefined>;

  /** Reads a session without using it. */
  read(id: SessionId): Promise<SessionRecord | undefined>;

  /** Replaces the log level. False when there is no such session. */
  setLogLevel(id: SessionId, level: string): Promise<boolean>;

  /**
   * Replaces `lists` and gives what it was, in one step: of several nodes that announce the same change only one sees
   * the old versions. `undefined` when there is no such session.
   */
  swapLists(id: SessionId, lists: SessionRecord['lists']): Promise<SessionRecord['lists'] | undefined>;

  /**
   * Marks a session as busy until `until`: before that it is neither expired nor evicted, whatever its age. A later call
   * replaces the mark. A no-op when there is no such session.
   */
  hold(id: SessionId, until: number): Promise<void>;

  /** Takes the mark of `hold` away and moves the expiry to `expiresAt`. A no-op when there is no such session. */
  release(id: SessionId, expiresAt: number): Promise<void>;

  /** Forgets a session. True exactly once for a session that was there. Its streams are dropped separately. */
  delete(id: SessionId): Promise<boolean>;

  /** How many sessions are alive, expired ones not counted. */
  count(): Promise<number>;
}

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

/** Which sessions want to hear of which resources, and which updates they have not heard of yet. */
export interface Subscriptions {
  /** Subscribes a session. False, and nothing changed, when it has `limit` subscriptions already or does not exist. */
  add(session: SessionId, uri: string, limit: number): Promise<boolean>;
  /** A no-op when there was none. */
  remove(session: SessionId, uri: string): Promise<void>;
  /** Marks the resource as updated for every session that is subscribed to it now, and names those sessions. */
  mark(uri: string): Promise<readonly SessionId[]>;
  /** The resources marked for a session, which are unmarked in the same step: each mark is taken once. */
  take(session: SessionId): Promise<readonly string[]>;
}

/** Names that can be taken once. */
export interface ClaimStore {
  /** Takes a name until it expires. True for one caller alone, on whichever node. */
  claim(name: string, expiresAt: number): Promise<boolean>;
}

/** Which nodes are alive. */
export interface Leases {
  /** Says that a node is alive until then. A later call replaces the time. */
  hold(node: string, until: number): Promise<void>;
  /** True while the node is alive. */
  isHeld(node: string): Promise<boolean>;
  /** The node is no more. A no-op when it is not held. */
  release(node: string): Promise<void>;
}

/** Numbers that all nodes agree on. They only grow, and start at 0. */
export interface Versions {
  bump(name: string): Promise<void>;
  read(names: readonly string[]): Promise<readonly number[]>;
}

/** Messages between nodes. Lossy by nature (a node that is down hears nothing), so nothing that must last goes here. */
export interface Bus {
  /** Delivers to every subscriber of the topic, on every node, this one included. */
  publish(topic: string, message: string): Promise<void>;
  /** Calls `listener` for each message until the returned function is called. `listener` must not throw. */
  subscribe(topic: string, listener: (message: string) => void): () => void;
}
