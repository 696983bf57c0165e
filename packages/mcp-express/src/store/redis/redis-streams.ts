import { randomUUID } from 'node:crypto';
import { McpError } from '../../protocol/errors.js';
import { formatEventId, placeIn } from '../event-id.js';
import type {
  AppendOutcome,
  OutgoingEvent,
  Page,
  PageLimit,
  PendingResponses,
  Position,
  SessionId,
  StreamKey,
  StreamStore,
} from '../store.js';
import { holderQuota } from '../stream-limits.js';
import { APPEND, SETTLE, SHRINK } from './append-scripts.js';
import type { Commands } from './client.js';
import { EVENT_OVERHEAD_BYTES } from './eviction-scripts.js';
import { HolderQuotas } from './holder-quotas.js';
import type { Keys } from './keys.js';
import type { Script } from './script.js';
import type { StreamNotifications } from './stream-notifications.js';
import * as scripts from './stream-scripts.js';

/** Limits of the streams of one session in Redis. Redis drops the oldest delivered events first. */
export interface RedisStreamLimits {
  /** Bytes of all streams of one session. @default 8 MiB */
  readonly bytes: number;
  /** Events of all streams of one session. @default 10,000 */
  readonly events: number;
  /** Streams of one session, running and ended. @default 1,000 */
  readonly streams: number;
  /** Milliseconds an ended stream is kept for clients that come back for it. @default 5 minutes */
  readonly ageMs: number;
}

/**
 * The result of `READ`: last place, last dropped place, whether the stream ended, the node of its pending responses, the
 * position, whether an answer was replaced by its short form, the trace context; then place and data of each event.
 */
type Found = readonly [string, string, number, string, string, number, string, ...string[]];

/** Members of `Found` before the events. */
const HEAD = 7;

/** Streams as Redis streams, with their places as ids. Each method is one script on the server of the session. */
export class RedisStreams implements StreamStore {
  /** Identifies this node as a writer, so that it ignores the notifications of its own writes. */
  readonly #writer = randomUUID();
  readonly #shares: HolderQuotas;

  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
    private readonly wakes: StreamNotifications,
    private readonly limits: RedisStreamLimits,
  ) {
    wakes.ignore(this.#writer);
    this.#shares = new HolderQuotas(holderQuota(limits), async ({ session, most }, going) => {
      const { ageMs, bytes, events } = limits;
      const bounds = [ageMs, bytes * 4, events * 4, most, 0].map(String);
      return Number(await this.#run(SHRINK, { session, stream: '' }, [...bounds, going]));
    });
  }

  async open(key: StreamKey, debt?: PendingResponses, holder = ''): Promise<void> {
    this.#shares.join(key.session, holder);
    const { ageMs, streams } = this.limits;
    const owed = debt === undefined ? ['', ''] : [debt.node, debt.trace ?? '', ...debt.errors];
    if ((await this.#run(scripts.OPEN, key, [String(ageMs), String(streams), ...owed])) !== 1) {
      throw new McpError('too-many-streams', 'This session has too many open streams');
    }
  }

  async append(key: StreamKey, events: readonly OutgoingEvent[], end = false, force = false): Promise<AppendOutcome> {
    const args = [end ? '1' : '0', force ? '1' : '0', this.#isWatched(key)];
    let need = 0;
    for (const { data, answer, pendingIndex, shortForm = '' } of events) {
      args.push(data, answer === true ? '1' : '0', pendingIndex === undefined ? '' : String(pendingIndex), shortForm);
      need += Buffer.byteLength(data) + Buffer.byteLength(shortForm) + EVENT_OVERHEAD_BYTES;
    }
    const appended = await this.#append(key, args, need, force);
    if (appended === 'stored') this.wakes.wake(key);
    return appended;
  }

  async settle(key: StreamKey): Promise<void> {
    await this.#run(SETTLE, key, this.#bounds(0));
    this.wakes.wake(key);
  }

  async read(key: StreamKey, position: Position, limit: PageLimit): Promise<Page | undefined> {
    const from = positionText(position, key);
    if (from === undefined) return undefined;
    const { ageMs } = this.limits;
    const args = [String(ageMs), from, String(limit.events), String(limit.characters), this.#isWatched(key)];
    const found = await this.#run(scripts.READ, key, args);
    if (!found) return undefined;
    const page = pageOf(key, found as Found, limit);
    if (page.ended) this.wakes.watchersOf(key)?.endsWith(page.events.at(-1)?.id);
    return page;
  }

  async delivered(key: StreamKey, eventId: string): Promise<void> {
    const place = positionText({ after: eventId }, key);
    if (place === undefined) return;
    await this.#run(scripts.DELIVERED, key, [place]);
    this.#shares.onRead(key.session);
    this.wakes.watchersOf(key)?.delivered(eventId);
  }

  async end(key: StreamKey): Promise<void> {
    await this.#run(scripts.END, key, [String(this.limits.ageMs)]);
    this.wakes.wake(key);
  }

  watch(key: StreamKey, wake: () => void): () => void {
    return this.wakes.watch(key, wake, () => void this.#detach(key));
  }

  async drop(session: SessionId): Promise<void> {
    this.#shares.leave(session);
    await this.#run(scripts.DROP, { session, stream: '' }, []);
    this.wakes.wakeAll(session);
  }

  /** Whether a reader of this node is attached: sent with commands that are needed anyway, so that it costs none. */
  #isWatched(key: StreamKey): string {
    return this.wakes.watchersOf(key) === undefined ? '' : '1';
  }

  /** Records that no reader of this node is attached. If this fails, a writer may wait once for a reader that has left. */
  async #detach(key: StreamKey): Promise<void> {
    await this.#run(scripts.DETACH, key, []).catch(() => {});
  }

  /** Appends with one command, unless other sessions of the holder must make room. */
  async #append(key: StreamKey, args: readonly string[], need: number, force: boolean): Promise<AppendOutcome> {
    const shares = this.#shares;
    const making = shares.makeRoom(key.session, need, force);
    if (making !== undefined) await making;
    const sent = shares.begin(key.session, need);
    let held: number | undefined;
    try {
      const reply = (await this.#run(APPEND, key, [...this.#bounds(sent.others), ...args])) as [AppendOutcome, number];
      held = reply[1];
      return reply[0];
    } finally {
      shares.end(key.session, sent, held);
    }
  }

  /** The bounds of append scripts. @param others bytes that other sessions of the same holder hold. */
  #bounds(others: number): string[] {
    const { ageMs, bytes, events } = this.limits;
    return [ageMs, bytes, events, this.#shares.share, others].map(String);
  }

  #run(script: Script, { session, stream }: StreamKey, args: readonly string[]): Promise<unknown> {
    const { keys } = this;
    const own = [keys.streams(session), keys.events(session, ''), keys.channel(session), keys.session(session)];
    return this.commands.run(script, own, [stream, this.#writer, ...args]);
  }
}

function positionText(position: Position, key: StreamKey): string | undefined {
  if (typeof position === 'string') return position;
  const place = placeIn(key.stream, position.after);
  return place === undefined ? undefined : String(place);
}

function pageOf({ stream }: StreamKey, found: Found, limit: PageLimit): Page {
  const [last, dropped, ended, owedBy, from, replaced, trace] = found;
  const events: Page['events'][number][] = [];
  for (let i = HEAD; i < found.length; i += 2) {
    events.push({ id: formatEventId(stream, String(found[i])), data: String(found[i + 1]) });
  }
  const at = found.length > HEAD ? Number(found[found.length - 2]) : Number(from);
  // A page that may hold events and holds none: the events after the position have expired.
  const isLost = events.length === 0 && limit.events > 0 && at < Number(last);
  const atEnd = at >= Number(last) || isLost;
  return {
    events,
    atEnd,
    ended: ended === 1 && atEnd,
    gap: Number(dropped) > Number(from) || replaced === 1 || isLost,
    ...(owedBy === '' ? {} : { pendingOn: owedBy }),
    ...(trace === '' ? {} : { trace }),
  };
}
