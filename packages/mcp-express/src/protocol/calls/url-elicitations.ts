import { createHash } from 'node:crypto';
import { notificationText } from '../../ground/json-rpc.js';
import type { Store, TaskRecord } from '../../store/store.js';
import type { Streams } from '../../stream/streams.js';

/** For how long it is remembered which session a page was asked of. Milliseconds. */
const REMEMBERED_MS = 60 * 60_000;

/** Pages of one principal, or of one address of anonymous callers, that are remembered at a time. */
const MAX_PER_HOLDER = 1_000;

/** No key of a principal, and not the empty one of anonymous callers: nothing of a client's leads to these records. */
const OWNER = 'url-elicitations';

/** Whose client is sent to a page. */
export interface Asker {
  /** The session. */
  readonly key: string;
  readonly holder: string;
}

/**
 * Pages that users were sent to, and the sessions whose clients are to hear when they are done with. They are kept with the
 * tasks of the store, so that any node can tell the right client.
 */
export class UrlElicitations {
  /** @param total records of this kind, tasks and kept answers together, that the store may hold. Only to remember. */
  constructor(
    private readonly store: Store,
    private readonly streams: Streams,
    private readonly total = 0,
  ) {}

  /** The newest asker counts. Where there is no room for one more, its client is not told: it need not be. */
  async remember({ key: session, holder }: Asker, elicitationId: string): Promise<void> {
    const { tasks } = this.store;
    const record = recordOf(elicitationId, session, holder);
    const limits = { total: this.total, perOwner: MAX_PER_HOLDER };
    if (await tasks.create(record, limits)) return;
    const known = await tasks.read(record.id, OWNER);
    if (known === undefined || known.payload === session) return;
    await tasks.delete(record.id, OWNER);
    await tasks.create(record, limits);
  }

  /** True when the session that was asked is there to be told; it hears of it on its own stream, now or when it comes back. */
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

/** Of one length, whatever a program has for ids. */
function idOf(elicitationId: string): string {
  return `page-${createHash('sha256').update(elicitationId).digest('base64url')}`;
}
