import type { SessionId, SessionStore } from './session-store.js';
import type { StreamStore } from './stream-store.js';
import type { TaskStore } from './task-store.js';

export type * from './session-store.js';
export type * from './stream-store.js';
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
  readonly values: Values;
  readonly bus: Bus;
  /** Absent: each node counts for itself. */
  readonly counters?: Counters;
  /** Rejects when the store cannot be written to now. Absent: it always can. */
  ping?(): Promise<void>;
  /** Releases timers and connections. Later calls reject. Idempotent. */
  close(): Promise<void>;
}

/** What one session may be subscribed to. */
export interface SubscriptionLimits {
  /** Subscriptions. */
  readonly count: number;
  /** Bytes of their URIs, and of keys that are other texts, in UTF-8, and 128 for each subscription. */
  readonly bytes: number;
}

/** A resource as a client spells its URI, and what all spellings of that URI have in common. */
export interface NamedResource {
  readonly uri: string;
  readonly key: string;
}

/**
 * - `subscribed`: the session is subscribed, or was before.
 * - `too-many`: it has as many subscriptions as it may have.
 * - `too-long`: the URIs would be longer together than they may be.
 * - `no-session`: there is no such session.
 */
export type Subscribed = 'subscribed' | 'too-many' | 'too-long' | 'no-session';

/** Which sessions want to hear of which resources, and which updates they have not heard of yet. */
export interface Subscriptions {
  /**
   * Subscribes a session within its limits. Unless it gives `subscribed`, nothing has changed; nor has it where the session
   * was subscribed to the key before, by whichever URI.
   */
  add(session: SessionId, resource: NamedResource, limits: SubscriptionLimits): Promise<Subscribed>;
  /** A no-op when there was none. */
  remove(session: SessionId, key: string): Promise<void>;
  /** Marks the resource as updated for every session that is subscribed to it now, and names those sessions. */
  mark(key: string): Promise<readonly SessionId[]>;
  /**
   * The resources marked for a session, in that order, by the URIs that it subscribed with. They are unmarked in the same
   * step: each mark is taken once.
   */
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
  /**
   * 0 while the node is alive. Otherwise the milliseconds since this was first asked of it, by whichever node, and 0 to the one
   * that asks first. What was noted is forgotten when the lease is held again, and an hour later.
   */
  missedFor(node: string): Promise<number>;
  /** The node is no more. A no-op when it is not held. */
  release(node: string): Promise<void>;
}

/** What all nodes count together. */
export interface Counters {
  /** Counts one more, in a window that begins with the first. */
  count(name: string, windowMs: number): Promise<Counted>;
  /** What was counted, without counting. */
  read(name: string): Promise<Counted>;
  /** Counts one less. */
  uncount(name: string): Promise<void>;
  forget(name: string): Promise<void>;
}

export interface Counted {
  readonly hits: number;
  /** When the window ends; absent when there is none. */
  readonly resetsAt?: number;
}

/** Texts that all nodes agree on. */
export interface Values {
  /** The value that was first proposed under this name, by whichever node, and is kept for good. */
  agree(name: string, value: string): Promise<string>;
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
  /** Calls `listener` for each message, soon after this returned and until the returned function is called. `listener` must not throw. */
  subscribe(topic: string, listener: (message: string) => void): () => void;
}
