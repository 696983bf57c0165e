import { ownerName } from '../auth/principal.js';
import { type CallerName, hashedId, type Observer } from '../observe/observe.js';
import { ConfigurationError } from '../protocol/errors.js';
import type { Implementation } from '../protocol/mcp.js';
import { assertPage, type OperationOptions } from '../request/call-operations.js';
import type { SessionId, SessionRecord, SessionStore } from '../store/store.js';
import type { SessionEndings } from './session-endings.js';

/** A session, for operators. */
export interface SessionInfo {
  /** The hashed session id, as in events and logs: it names the session for `end`, and cannot be used as a session id. */
  readonly session: string;
  /** Absent for an anonymous caller. */
  readonly principal?: CallerName;
  readonly client: Implementation;
  readonly revision: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A page of sessions. */
export interface SessionPage {
  readonly sessions: readonly SessionInfo[];
  /** Continues after this page. Absent: it is the last one. */
  readonly cursor?: string;
}

/** Options of `sessions.list`. */
export interface ListSessionsOptions {
  /** Sessions of one page. @default 100 */
  readonly limit?: number;
  readonly cursor?: string;
}

/** The sessions of all nodes: `router.sessions`. */
export interface SessionOperations {
  /**
   * Lists sessions in the order of their hashed ids, so that sessions that begin or end meanwhile move no others.
   * @throws ConfigurationError if the store cannot list its sessions
   */
  list(options?: ListSessionsOptions): Promise<SessionPage>;
  /**
   * Ends a session on all nodes, as if its client had deleted it: its calls and streams end.
   * @param session the hashed id
   * @returns false if there is no such session
   */
  end(session: string, options?: OperationOptions): Promise<boolean>;
}

/** Records read in parallel. */
const READ_AT_ONCE = 50;

/** The parts of a node that operations on sessions need. */
export interface SessionOperationsDeps {
  readonly store: SessionStore;
  readonly endings: SessionEndings;
  readonly observe: Observer | undefined;
}

/** Lists and ends sessions by the ids in the store. */
export class StoredSessionOperations implements SessionOperations {
  constructor(private readonly deps: SessionOperationsDeps) {}

  async list({ limit = 100, cursor = '' }: ListSessionsOptions = {}): Promise<SessionPage> {
    assertPage(limit, 'sessions.list');
    const rest = [...(await this.#byHash())].filter(([hash]) => hash > cursor).sort(([a], [b]) => (a < b ? -1 : 1));
    const page = rest.slice(0, limit);
    const sessions: SessionInfo[] = [];
    for (let start = 0; start < page.length; start += READ_AT_ONCE) {
      const some = page.slice(start, start + READ_AT_ONCE);
      const records = await Promise.all(some.map(([, id]) => this.deps.store.read(id)));
      // A session may have ended since its id was read.
      for (const record of records) if (record !== undefined) sessions.push(infoOf(record));
    }
    const last = page.at(-1);
    return rest.length > limit && last !== undefined ? { sessions, cursor: last[0] } : { sessions };
  }

  async end(session: string, { by }: OperationOptions = {}): Promise<boolean> {
    const id = (await this.#byHash()).get(session);
    const record = id === undefined ? undefined : await this.deps.store.read(id);
    if (record === undefined) return false;
    const { createdAt: openedAt, revision } = record;
    if (!(await this.deps.endings.delete(record.id, { openedAt, revision }, 'operator'))) return false;
    const operator = by === undefined ? {} : { by };
    this.deps.observe?.({ type: 'operation', action: 'end-session', target: session, ...operator });
    return true;
  }

  async #byHash(): Promise<ReadonlyMap<string, SessionId>> {
    const ids = await this.deps.store.ids?.();
    if (ids === undefined)
      throw new ConfigurationError('router.sessions needs a store whose sessions have the method "ids"');
    return new Map(ids.map((id) => [hashedId(id), id]));
  }
}

function infoOf({ id, owner, client, revision, createdAt }: SessionRecord): SessionInfo {
  const principal = ownerName(owner);
  return { session: hashedId(id), ...(principal === undefined ? {} : { principal }), client, revision, createdAt };
}
