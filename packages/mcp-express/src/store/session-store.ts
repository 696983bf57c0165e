import type { ClientCapabilities, Implementation } from '../protocol/mcp.js';
import type { StreamId } from './stream-store.js';

/** The `Mcp-Session-Id` of a session. */
export type SessionId = string;

/** A session of the revisions up to 2025-11-25. Plain data: it must survive `JSON.stringify`. */
export interface SessionRecord {
  readonly id: SessionId;
  /** The key of the principal that opened it; the empty string for an anonymous one. */
  readonly owner: string;
  /**
   * The quota holder: the key whose quota the session counts against, where that is not the owner. For an anonymous
   * owner it is the client's address. It does not restrict who may use the session, which may come from another address
   * later.
   */
  readonly holder?: string;
  /** The revision negotiated by `initialize`. */
  readonly revision: string;
  /** `clientInfo` of `initialize`. */
  readonly client: Implementation;
  /** `capabilities` of `initialize`. */
  readonly capabilities: ClientCapabilities;
  /** The standalone stream, which GET reads. */
  readonly standalone: StreamId;
  readonly createdAt: number;
  /**
   * The version of each list (tools, resources, prompts) that the client knows. Where one differs from the current
   * version when the client reconnects, the server sends `list_changed`.
   */
  readonly lists: Readonly<Record<string, string>>;
  /** The minimum level set by `logging/setLevel`; absent until the client sets one. */
  readonly logLevel?: string;
}

/** Limits that `SessionStore.create` enforces. */
export interface SessionLimits {
  /** Number of all sessions. */
  readonly total: number;
  /** Number of sessions of one quota holder (`holder`, else `owner`). Not applied to the empty holder. */
  readonly perOwner: number;
  /**
   * Names sessions that are busy on the calling node, but not yet for long enough to be held. They are not evicted.
   * @default none
   */
  readonly isBusy?: (id: SessionId) => boolean;
}

/** The outcome of `SessionStore.create`: stored, with the sessions evicted for it, or refused at a limit. */
export type CreateOutcome =
  | { readonly created: true; readonly evicted: readonly SessionId[] }
  | { readonly created: false };

/**
 * Keeps session records until they expire.
 *
 * A session has expired at the millisecond of its expiry for every method, unless it is held; an expired session is
 * absent.
 */
export interface SessionStore {
  /**
   * Stores a new session that expires at `expiresAt` unless it is touched. When a limit is reached, a session is evicted
   * and named in `evicted`: the oldest of those that were neither touched nor held since they were created or, without
   * such a session, the one that has been idle longest;
   * - at the limit of a holder, a session of the same holder;
   * - at the limit of all sessions, one of the holder with most sessions, if that holder has more than a hundredth of
   *   the limit (and more than one session); else one of any holder.
   *
   * Held sessions and those named by `limits.isBusy` are not evicted. When no session can be evicted, nothing is stored
   * and `created` is false.
   */
  create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome>;

  /**
   * Reads a session of this owner and moves its expiry to `expiresAt`, in one atomic step.
   *
   * @returns `undefined`, with nothing changed, when the session belongs to another owner or does not exist.
   */
  touch(id: SessionId, owner: string, expiresAt: number): Promise<SessionRecord | undefined>;

  /** Reads a session without moving its expiry or its place in the order of use. */
  read(id: SessionId): Promise<SessionRecord | undefined>;

  /**
   * Replaces the log level.
   *
   * @returns false when the session does not exist.
   */
  setLogLevel(id: SessionId, level: string): Promise<boolean>;

  /**
   * Replaces `lists`, in one atomic step: of several nodes that announce the same change, only one gets the old
   * versions.
   *
   * @returns the previous versions; `undefined` when the session does not exist.
   */
  swapLists(id: SessionId, lists: SessionRecord['lists']): Promise<SessionRecord['lists'] | undefined>;

  /**
   * Marks a session as busy. Until `until` it is neither expired nor evicted, whatever its expiry. A later call
   * replaces the time. A no-op when the session does not exist.
   */
  hold(id: SessionId, until: number): Promise<void>;

  /** Ends a hold and moves the expiry to `expiresAt`. A no-op when the session does not exist. */
  release(id: SessionId, expiresAt: number): Promise<void>;

  /**
   * Deletes a session. Its streams are dropped separately, by `StreamStore.drop`.
   *
   * @returns true for exactly one caller, if the session existed.
   */
  delete(id: SessionId): Promise<boolean>;

  /** The number of sessions, without expired ones. */
  count(): Promise<number>;

  /**
   * The ids of all sessions, for operators. May name sessions that have just expired. Absent: sessions cannot be listed.
   */
  ids?(): Promise<readonly SessionId[]>;

  /**
   * Takes the sessions that were found to have expired, for audit records. Each session is given to at most one caller,
   * on one node. Best effort: a node that ends loses those that it found, and a node on which the method is not called
   * keeps at most 10,000. Absent: expired sessions are not reported.
   */
  takeExpired?(): Promise<readonly SessionId[]>;
}
