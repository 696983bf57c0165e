import { McpError } from '../../ground/errors.js';
import { formatEventId, placeIn } from '../event-id.js';
import { type Holdings, makeRoom, type Need, type Room, replacedEvents } from '../room.js';
import type {
  Appended,
  Debt,
  OutgoingEvent,
  Page,
  PageLimit,
  Position,
  SessionId,
  StreamKey,
  StreamStore,
} from '../store.js';
import { LOW_WATER, type StreamLimits } from '../stream-limits.js';
import { cost, type EventLog } from './event-log.js';
import { SessionStreams } from './session-streams.js';

export { DEFAULT_STREAM_LIMITS, type StreamLimits } from '../stream-limits.js';

export class MemoryStreams implements StreamStore {
  readonly #sessions = new Map<SessionId, SessionStreams>();
  /** Invariant: the sum of what all sessions hold. */
  #bytes = 0;

  constructor(
    private readonly limits: StreamLimits,
    private readonly now: () => number,
  ) {}

  async open(key: StreamKey, debt?: Debt): Promise<void> {
    const streams = this.#sessions.get(key.session) ?? new SessionStreams(this.limits);
    const before = streams.bytes;
    if (!streams.open(key.stream, debt))
      throw new McpError('too-many-streams', 'This session has too many open streams');
    this.#bytes += streams.bytes - before;
    this.#sessions.set(key.session, streams);
  }

  async append(key: StreamKey, events: readonly OutgoingEvent[], end = false, force = false): Promise<Appended> {
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
    const room = this.#makeRoom(streams, log, needOf(wanted), force);
    if (room === 'full') return 'full';
    if (room === 'none') return 'dropped';
    const before = streams.bytes;
    streams.append(log, room === 'enough' ? wanted : replacedEvents(wanted));
    this.#bytes += streams.bytes - before;
    if (end) log.endedAt = this.now();
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
    const atEnd = (events.at(-1)?.place ?? place) >= log.lastPlace;
    const page: Page = {
      events: events.map((event) => ({ id: formatEventId(key.stream, event.place), data: event.data })),
      atEnd,
      ended: log.endedAt !== undefined && atEnd,
      gap: log.droppedPlace > place || events.some(({ replaced }) => replaced),
    };
    return log.owedBy === undefined || log.endedAt !== undefined ? page : { ...page, owedBy: log.owedBy };
  }

  async delivered(key: StreamKey, eventId: string): Promise<void> {
    const log = this.#log(key);
    const place = log === undefined ? undefined : placeOf({ after: eventId }, key, log);
    if (log !== undefined && place !== undefined) log.deliveredPlace = Math.max(log.deliveredPlace, place);
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

  /** `drop`, for the parts of this store, which need no promise. */
  forget(session: SessionId): void {
    const streams = this.#sessions.get(session);
    this.#sessions.delete(session);
    this.#bytes -= streams?.bytes ?? 0;
    for (const log of streams?.logs.values() ?? []) log.wake();
  }

  /** Bytes held by all sessions, as they are counted against the limit. */
  get bytes(): number {
    return this.#bytes;
  }

  sweep(): void {
    for (const streams of this.#sessions.values()) {
      const before = streams.bytes;
      streams.forgetOld(this.now());
      this.#bytes += streams.bytes - before;
    }
  }

  #makeRoom(streams: SessionStreams, log: EventLog, need: Need, force: boolean): Room {
    const { totalBytes } = this.limits;
    if (!streams.isOver(need, 1) && this.#bytes + need.bytes <= totalBytes) return 'enough';
    const before = streams.bytes;
    // What is over the limits of one session must leave room for the others.
    const tight = this.#bytes > totalBytes / 2;
    const room = makeRoom(streams, need, { attached: log.isAttached, force, tight });
    this.#bytes += streams.bytes - before;
    if (room !== 'enough' || this.#bytes + need.bytes <= totalBytes) return room;
    this.#makeTotalRoom(need);
    if (this.#bytes + need.bytes <= totalBytes) return 'enough';
    if (need.answer) return force ? 'replaced' : 'full';
    return force ? 'none' : 'full';
  }

  /** The sessions that were opened first give first, but none gives an answer while another still has notifications. */
  #makeTotalRoom(need: Need): void {
    const isHigh = (): boolean => this.#bytes + need.bytes > this.limits.totalBytes * LOW_WATER;
    this.#each(isHigh, (streams, isStillHigh) => streams.dropDelivered(isStillHigh));
    this.#each(isHigh, (streams, isStillHigh) => streams.dropNotifications(isStillHigh, false));
    this.#each(isHigh, (streams, isStillHigh) => streams.replaceAnswers(isStillHigh, false));
  }

  #each(isHigh: () => boolean, shrink: (streams: Holdings, isHigh: () => boolean) => void): void {
    for (const streams of this.#sessions.values()) {
      if (!isHigh()) return;
      const others = this.#bytes - streams.bytes;
      shrink(streams, () => {
        this.#bytes = others + streams.bytes;
        return isHigh();
      });
      this.#bytes = others + streams.bytes;
    }
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

function placeOf(position: Position, key: StreamKey, log: EventLog): number | undefined {
  if (position === 'start') return 0;
  if (position === 'undelivered') return log.deliveredPlace;
  const place = placeIn(key.stream, position.after);
  return place !== undefined && place <= log.lastPlace ? place : undefined;
}
