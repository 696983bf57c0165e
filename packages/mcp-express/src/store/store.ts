import type { SessionId, SessionStore } from './session-store.js';
import type { StreamStore } from './stream-store.js';
import type { TaskStore } from './task-store.js';

export type * from './session-store.js';
export type * from './stream-store.js';
export type * from './task-store.js';

/**
 * Keeps sessions, streams and tasks, and carries messages between nodes. It holds all state that must outlive one HTTP
 * request; because a node keeps nothing else between requests, any node can serve any request.
 *
 * Rules for every method of every part:
 * - **Failure is never absence.** A method that cannot reach its data rejects, within a bounded time. `undefined` and
 *   `false` mean that the record certainly does not exist.
 * - **Concurrency.** Methods may be called concurrently, from any number of nodes.
 * - **Times** are absolute, in milliseconds since 1970, so that a slow write cannot extend a lifetime.
 * - **Expiry.** Nothing relies on a message that something ended, or on a caller to remove it: sessions, streams,
 *   tasks, claims, leases and counters expire by themselves.
 *
 * `mcp-express/testing` exports this contract as a test suite, `testStore`.
 */
export interface Store {
  /** Sessions of the revisions up to 2025-11-25. */
  readonly sessions: SessionStore;
  /** The event logs that SSE responses are read from. */
  readonly streams: StreamStore;
  /** Resource subscriptions of sessions, and the updates not yet sent to them. */
  readonly subscriptions: Subscriptions;
  /** Counters that nodes compare to detect changes of the lists of tools, resources and prompts. */
  readonly versions: Versions;
  /** Tasks of the extension `io.modelcontextprotocol/tasks`. */
  readonly tasks: TaskStore;
  /** Names that only one caller can take, such as one-time request state. */
  readonly claims: ClaimStore;
  /** Which nodes are alive. */
  readonly leases: Leases;
  /** Values that all nodes share, such as generated signing keys. */
  readonly values: Values;
  /** Messages between nodes. */
  readonly bus: Bus;
  /** Counters of rate limits. Absent: each node counts on its own. */
  readonly counters?: Counters;
  /**
   * Checks that the store can be written to. Absent: it always can.
   *
   * @throws Error with the reason that keeps the store from being written to.
   */
  ping?(): Promise<void>;
  /** Releases timers and connections. Idempotent. Methods called afterwards reject. */
  close(): Promise<void>;
}

/** Limits of the subscriptions of one session. */
export interface SubscriptionLimits {
  /** Number of subscriptions. */
  readonly count: number;
  /**
   * Bytes of all subscriptions, in UTF-8: of each URI, of its key where that differs from the URI, and 128 more for
   * each.
   */
  readonly bytes: number;
}

/** A resource: its URI as the client wrote it, and the key that all equivalent spellings of that URI share. */
export interface NamedResource {
  readonly uri: string;
  readonly key: string;
}

/**
 * The outcome of `Subscriptions.add`.
 *
 * - `subscribed`: the session is subscribed, from now on or since an earlier call.
 * - `too-many`: the session has reached `SubscriptionLimits.count`.
 * - `too-long`: the session would exceed `SubscriptionLimits.bytes`.
 * - `no-session`: the session does not exist.
 */
export type SubscribeOutcome = 'subscribed' | 'too-many' | 'too-long' | 'no-session';

/**
 * Resource subscriptions of sessions, and the updates that are not yet sent to them. A session's subscriptions end with
 * it.
 */
export interface Subscriptions {
  /**
   * Subscribes a session, within its limits. Any outcome other than `subscribed` changes nothing. A second subscription
   * to the same key is `subscribed` and changes nothing either: the URI of the first one stays.
   */
  add(session: SessionId, resource: NamedResource, limits: SubscriptionLimits): Promise<SubscribeOutcome>;
  /** Ends a subscription and discards its mark. A no-op when the session is not subscribed. */
  remove(session: SessionId, key: string): Promise<void>;
  /**
   * Marks the resource as updated for every session that is subscribed to it now.
   *
   * @returns those sessions.
   */
  mark(key: string): Promise<readonly SessionId[]>;
  /**
   * Takes the marks of a session, in one atomic step: of concurrent callers only one gets each mark.
   *
   * @returns the URIs that the session subscribed with, in the order in which they were marked; empty without marks.
   */
  take(session: SessionId): Promise<readonly string[]>;
}

/** Names that can be taken once, for example to accept a one-time token only once on all nodes. */
export interface ClaimStore {
  /**
   * Takes a name until it expires.
   *
   * @returns true for exactly one caller, across all nodes; false while the name is taken.
   */
  claim(name: string, expiresAt: number): Promise<boolean>;
}

/** Which nodes are alive. */
export interface Leases {
  /** Declares a node alive until a time. A later call replaces the time. */
  hold(node: string, until: number): Promise<void>;
  /** Whether the node is alive: its lease is held and has not expired. */
  isHeld(node: string): Promise<boolean>;
  /**
   * How long a node has been missing, for deciding when other nodes take over its pending responses. The store starts
   * to count at the first call that finds the lease absent, and stops when the lease is held again, or an hour later.
   *
   * @returns milliseconds since that first call, by any node; 0 for the first call. While the node is alive, minus the
   *   milliseconds until its lease ends, or 0 where the store does not know them.
   */
  missedFor(node: string): Promise<number>;
  /** Ends the lease of a node that shuts down. A no-op when it is not held. */
  release(node: string): Promise<void>;
}

/** Counters that all nodes share, each within a time window. */
export interface Counters {
  /** Increments a counter. The first increment starts a window of `windowMs`; the counter is forgotten when it ends. */
  count(name: string, windowMs: number): Promise<CounterValue>;
  /** Reads a counter without incrementing it. */
  read(name: string): Promise<CounterValue>;
  /** Decrements a counter that exists. */
  uncount(name: string): Promise<void>;
  /** Resets a counter and its window. */
  forget(name: string): Promise<void>;
}

/** A counter within its window. */
export interface CounterValue {
  /** Increments in this window. */
  readonly hits: number;
  /** The end of the window; absent when none is open. */
  readonly resetsAt?: number;
}

/** Values that all nodes share. */
export interface Values {
  /**
   * Proposes a value. The first proposal under a name, by any node, is kept for good.
   *
   * @returns the value that was proposed first.
   */
  agree(name: string, value: string): Promise<string>;
}

/** Version numbers that all nodes share. They start at 0 and only grow. */
export interface Versions {
  /** Increments a version. */
  bump(name: string): Promise<void>;
  /** The versions under these names, in the order of the names. */
  read(names: readonly string[]): Promise<readonly number[]>;
}

/**
 * Publish and subscribe between nodes. Delivery is at most once (a node that is down receives nothing), so nothing that
 * must not be lost may depend on it.
 */
export interface Bus {
  /**
   * Delivers a message to every subscriber of the topic, on every node including this one. Messages of one node arrive
   * in the order of their publication.
   */
  publish(topic: string, message: string): Promise<void>;
  /**
   * Calls `listener` for each message of the topic. The subscription is active soon after this method returns.
   * `listener` must not throw.
   *
   * @returns a function that ends the subscription.
   */
  subscribe(topic: string, listener: (message: string) => void): () => void;
}
