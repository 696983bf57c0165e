import { createHash } from 'node:crypto';
import { notificationText } from '../protocol/json-rpc.js';
import type { Store, TaskRecord } from '../store/store.js';
import type { Streams } from '../stream/streams.js';

/** How long the session of a URL elicitation is remembered. Milliseconds. */
const REMEMBERED_MS = 60 * 60_000;

/** Most URL elicitations remembered per principal, or per address of anonymous callers. */
const MAX_PER_HOLDER = 1_000;

/**
 * Owner of the records. It is not the key of any principal, nor the empty key of anonymous callers, so clients cannot
 * reach them.
 */
const OWNER = 'url-elicitations';

/** The session whose client gets a URL elicitation. */
export interface ElicitingSession {
  /** The session id. */
  readonly key: string;
  readonly holder: string;
}

/**
 * Sessions of pending URL elicitations, whose clients get `notifications/elicitation/complete`. They are stored as task
 * records, so that any node can notify the right client.
 */
export class UrlElicitations {
  /** @param total most task records (tasks and stored answers included) in the store, checked before one is created */
  constructor(
    private readonly store: Store,
    private readonly streams: Streams,
    private readonly total = 0,
  ) {}

  /**
   * The latest session wins. When the store is full the session is not remembered, and its client gets no notification,
   * which is optional.
   */
  async remember({ key: session, holder }: ElicitingSession, elicitationId: string): Promise<void> {
    const { tasks } = this.store;
    const record = recordOf(elicitationId, session, holder);
    const limits = { total: this.total, perOwner: MAX_PER_HOLDER };
    if (await tasks.create(record, limits)) return;
    const known = await tasks.read(record.id, OWNER);
    if (known === undefined || known.payload === session) return;
    await tasks.delete(record.id, OWNER);
    await tasks.create(record, limits);
  }

  /**
   * Notifies the session of the elicitation on its standalone stream, where the client may also read it later.
   * @returns false if the session is unknown or has ended
   */
  async complete(elicitationId: string): Promise<boolean> {
    const { sessions, streams, tasks } = this.store;
    const id = idOf(elicitationId);
    const session = (await tasks.read(id, OWNER))?.payload;
    if (session === undefined) return false;
    await tasks.delete(id, OWNER);
    const record = await sessions.read(session);
    if (record === undefined) return false;
    const key = { session, stream: record.standalone };
    await streams.open(key, undefined, record.holder ?? record.owner);
    await this.streams.append(key, [
      { data: notificationText('notifications/elicitation/complete', { elicitationId }) },
    ]);
    return true;
  }
}

function recordOf(elicitationId: string, session: string, holder: string): TaskRecord {
  const now = Date.now();
  return {
    id: idOf(elicitationId),
    owner: OWNER,
    holder: `${OWNER}:${holder}`,
    node: '',
    status: 'completed',
    payload: session,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + REMEMBERED_MS,
    ttlMs: REMEMBERED_MS,
    pollIntervalMs: REMEMBERED_MS,
  };
}

/** A hash, so that all ids have the same length, regardless of the application. */
function idOf(elicitationId: string): string {
  return `page-${createHash('sha256').update(elicitationId).digest('base64url')}`;
}
