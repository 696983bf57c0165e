import { McpError } from '../../ground/errors.js';
import { formatEventId, placeIn } from '../event-id.js';
import type { Debt, OutgoingEvent, Page, PageLimit, Position, SessionId, StreamKey, StreamStore } from '../store.js';
import { LEAST_FIRST, LOW_WATER, type StreamLimits } from '../stream-limits.js';
import type { EventLog } from './event-log.js';
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

  async append(key: StreamKey, events: readonly OutgoingEvent[], end = false): Promise<void> {
    const streams = this.#sessions.get(key.session);
    const log = streams?.logs.get(key.stream);
    if (streams === undefined || log === undefined) throw new Error('append to an unknown stream');
    const wanted = events.every((event) => log.isWanted(event))
      ? events
      : events.filter((event) => log.isWanted(event));
    if (log.endedAt !== undefined) {
      if (wanted.length === 0 && events.length > 0) return;
      throw new Error('append to a stream that has ended');
    }
    const before = streams.bytes;
    for (const event of wanted) {
      log.append(event);
      streams.appended(log, event);
    }
    this.#count(streams.bytes - before, log);
    if (end) log.endedAt = this.now();
    log.wake();
  }

  async settle(key: StreamKey): Promise<void> {
    const log = this.#log(key);
    if (log?.owedBy !== undefined && log.endedAt === undefined) await this.append(key, log.inPlace, true);
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
      gap: log.droppedPlace > place,
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

  #count(bytes: number, current: EventLog): void {
    this.#bytes += bytes;
    if (this.#bytes > this.limits.totalBytes) this.#makeRoom(current);
  }

  /** The sessions that were opened first give first, but none gives an answer while another still has notifications. */
  #makeRoom(current: EventLog): void {
    const enough = this.limits.totalBytes * LOW_WATER;
    for (const worth of LEAST_FIRST) {
      for (const streams of this.#sessions.values()) {
        if (this.#bytes <= enough) return;
        const others = this.#bytes - streams.bytes;
        streams.drop(worth, () => others + streams.bytes > enough, current);
        this.#bytes = others + streams.bytes;
      }
    }
  }

  #log(key: StreamKey): EventLog | undefined {
    return this.#sessions.get(key.session)?.logs.get(key.stream);
  }
}

function placeOf(position: Position, key: StreamKey, log: EventLog): number | undefined {
  if (position === 'start') return 0;
  if (position === 'undelivered') return log.deliveredPlace;
  const place = placeIn(key.stream, position.after);
  return place !== undefined && place <= log.lastPlace ? place : undefined;
}
