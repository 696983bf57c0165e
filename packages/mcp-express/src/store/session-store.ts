import type { ClientCapabilities, Implementation } from '../ground/mcp.js';
import type { StreamId } from './stream-store.js';

export type SessionId = string;

/** One legacy session (revisions up to 2025-11-25). Plain data: it must survive `JSON.stringify`. */
export interface SessionRecord {
  readonly id: SessionId;
  /** The key of the principal that opened it; the empty string for an anonymous one. */
  readonly owner: string;
  /**
   * Whom it is counted for, where that is not the owner: the address of an anonymous one. It says nothing about who may
   * use the session, which may come from another address later.
   */
  readonly holder?: string;
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
  /** Sessions of one holder, which is the owner where the record names none. Not applied to the anonymous owner. */
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
   * idle longest makes room and is named in `evicted`: for the ceiling of a holder one of the same holder, for the ceiling
   * in all first one of the largest holder, if that has more than a hundredth of all (and more than one). A held session
   * never makes room, nor one that `limits.isBusy` names. When nothing can, nothing is stored and `created` is false.
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

  /**
   * Names sessions that expired, each to one caller alone, on whichever node. For those who keep records, not to be relied
   * on: what a node has found and was not asked for is forgotten with it, and beyond 10,000 where it is never asked. Absent: nobody is told.
   */
  takeExpired?(): Promise<readonly SessionId[]>;
}
