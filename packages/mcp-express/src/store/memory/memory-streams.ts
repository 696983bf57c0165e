import { McpError } from '../../protocol/errors.js';
import { formatEventId, placeOf } from '../event-id.js';
import { type Need, shortForms } from '../eviction.js';
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
import type { StreamLimits } from '../stream-limits.js';
import { cost, type EventLog } from './event-log.js';
import { MemoryEviction } from './memory-eviction.js';
import { SessionStreams } from './session-streams.js';
import { StreamSums } from './stream-sums.js';

export { DEFAULT_STREAM_LIMITS, type StreamLimits } from '../stream-limits.js';

/** Streams as logs in memory, by session. */
export class MemoryStreams implements StreamStore {
  readonly #sessions = new Map<SessionId, SessionStreams>();
  readonly #sums = new StreamSums();
  readonly #room: MemoryEviction;

  constructor(
    private readonly limits: StreamLimits,
    private readonly now: () => number,
  ) {
    this.#room = new MemoryEviction(limits, this.#sums, () => this.#sessions.values());
  }

  async open(key: StreamKey, debt?: PendingResponses, holder = ''): Promise<void> {
    const known = this.#sessions.get(key.session);
    const streams = known ?? new SessionStreams(this.limits, this.#sums);
    if (!streams.open(key.stream, debt))
      throw new McpError('too-many-streams', 'This session has too many open streams');
    if (known === undefined) this.#sessions.set(key.session, streams);
    if (holder !== '' && streams.holder === undefined) this.#sums.join(streams, holder);
  }

  async append(key: StreamKey, events: readonly OutgoingEvent[], end = false, force = false): Promise<AppendOutcome> {
    const streams = this.#sessions.get(key.session);
    const log = streams?.logs.get(key.stream);
    if (streams === undefined || log === undefined) throw new Error('append to an unknown stream');
    const wanted = events.every((event) => log.isWanted(event))
      ? events
      : events.filter((event) => log.isWanted(event));
    if (log.endedAt !== undefined) {
      if (wanted.length === 0 && events.length > 0) return 'stored';
      throw new Error('append to a stream that has ended');
    }
    const room = this.#room.make(streams, needOf(wanted), { attached: log.isAttached, force });
    if (room === 'full') return 'full';
    if (room === 'none') return 'dropped';
    const isPending = log.owedBy !== undefined;
    streams.append(log, room === 'enough' ? wanted : shortForms(wanted));
    if (end || (isPending && log.owedBy === undefined)) log.endedAt = this.now();
    log.wake();
    return 'stored';
  }

  async settle(key: StreamKey): Promise<void> {
    const log = this.#log(key);
    if (log?.owedBy !== undefined && log.endedAt === undefined) await this.append(key, log.inPlace, true, true);
  }

  async read(key: StreamKey, position: Position, limit: PageLimit): Promise<Page | undefined> {
    const log = this.#log(key);
    const place = log === undefined ? undefined : placeOf(position, key, log);
    if (log === undefined || place === undefined) return undefined;
    const events = log.after(place, limit);
    const atEnd = (events.at(-1)?.place ?? place) >= log.last;
    const page: Page = {
      events: events.map((event) => ({ id: formatEventId(key.stream, event.place), data: event.data })),
      atEnd,
      ended: log.endedAt !== undefined && atEnd,
      gap: log.dropped > place || events.some(({ replaced }) => replaced),
      ...(log.trace === undefined ? {} : { trace: log.trace }),
    };
    return log.owedBy === undefined || log.endedAt !== undefined ? page : { ...page, pendingOn: log.owedBy };
  }

  async delivered(key: StreamKey, eventId: string): Promise<void> {
    const log = this.#log(key);
    const place = log === undefined ? undefined : placeOf({ after: eventId }, key, log);
    if (log === undefined || place === undefined) return;
    log.delivered = Math.max(log.delivered, place);
    this.#room.onRead(this.#sessions.get(key.session));
  }

  async end(key: StreamKey): Promise<void> {
    const log = this.#log(key);
    if (log === undefined || log.endedAt !== undefined) return;
    log.endedAt = this.now();
    log.wake();
  }

  watch(key: StreamKey, wake: () => void): () => void {
    return this.#log(key)?.watch(wake) ?? (() => {});
  }

  async drop(session: SessionId): Promise<void> {
    this.forget(session);
  }

  /** `drop` without a promise, for the other parts of this store. */
  forget(session: SessionId): void {
    const streams = this.#sessions.get(session);
    this.#sessions.delete(session);
    if (streams !== undefined) this.#sums.leave(streams);
    for (const log of streams?.logs.values() ?? []) log.wake();
  }

  /** Bytes of all sessions, as counted against `totalBytes`. */
  get bytes(): number {
    return this.#sums.bytes;
  }

  /** Forgets streams that ended longer ago than `ageMs`. */
  sweep(): void {
    for (const streams of this.#sessions.values()) streams.forgetOld(this.now());
  }

  #log(key: StreamKey): EventLog | undefined {
    return this.#sessions.get(key.session)?.logs.get(key.stream);
  }
}

function needOf(events: readonly OutgoingEvent[]): Need {
  return {
    bytes: events.reduce((sum, event) => sum + cost(event), 0),
    events: events.length,
    answer: events.some(({ answer }) => answer),
  };
}
