import type { EvictableStreams, Need } from '../eviction.js';
import type { PendingResponses, StreamId } from '../store.js';
import type { StreamLimits } from '../stream-limits.js';
import { cost, EventLog, type IncomingEvent } from './event-log.js';
import type { HolderSum, Sum } from './stream-sums.js';

/** Bytes that a stream costs besides its events. */
const STREAM_OVERHEAD_BYTES = 512;

/** The streams of one session in order of opening, with their bytes and events counted. */
export class SessionStreams implements EvictableStreams {
  readonly logs = new Map<StreamId, EventLog>();
  #bytes = 0;
  #events = 0;

  #holder: HolderSum | undefined;

  /** @param total the sum over all sessions, which this session adds to. */
  constructor(
    private readonly limits: StreamLimits,
    private readonly total: Sum,
  ) {}

  /** The quota holder that these streams count against. */
  get holder(): HolderSum | undefined {
    return this.#holder;
  }

  /** Counts these streams against a holder from now on. */
  countFor(holder: HolderSum): void {
    this.#holder = holder;
    holder.bytes += this.#bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Opens a stream. False at the limit of streams when all of them are running. */
  open(stream: StreamId, debt?: PendingResponses): boolean {
    if (this.logs.has(stream)) return true;
    if (this.logs.size >= this.limits.streams && !this.#forgetEnded()) return false;
    this.logs.set(stream, new EventLog(debt));
    this.#count(STREAM_OVERHEAD_BYTES);
    return true;
  }

  /** Appends events and counts them. */
  append(log: EventLog, events: readonly IncomingEvent[]): void {
    for (const event of events) {
      log.append(event);
      this.#count(cost(event));
      this.#events += 1;
    }
  }

  /** Forgets streams that ended longer ago than `ageMs`, unless an attached reader is still reading them. */
  forgetOld(now: number): void {
    for (const [stream, log] of this.logs) {
      if (log.endedAt === undefined || log.endedAt + this.limits.ageMs > now || log.isBeingRead) continue;
      this.#forget(stream, log);
    }
  }

  exceeds({ bytes, events }: Need, factor: number): boolean {
    const { limits } = this;
    return this.#bytes + bytes > limits.bytes * factor || this.#events + events > limits.events * factor;
  }

  get isBeingRead(): boolean {
    for (const log of this.logs.values()) if (log.isBeingRead) return true;
    return false;
  }

  dropDelivered(isHigh: () => boolean): void {
    this.#dropWhile((log) => isHigh() && (log.first()?.place ?? Number.POSITIVE_INFINITY) <= log.delivered);
  }

  dropNotifications(isHigh: () => boolean, attachedToo: boolean): void {
    this.#dropWhile((log) => isHigh() && (attachedToo || !log.isAttached) && log.first()?.answer === false);
  }

  replaceResponses(isHigh: () => boolean, attachedToo: boolean): void {
    for (const log of this.logs.values()) {
      if (!isHigh()) return;
      if (log.isAttached && !attachedToo) continue;
      log.replaceResponses(isHigh, (bytes) => {
        this.#count(-bytes);
      });
    }
  }

  #dropWhile(mayDrop: (log: EventLog) => boolean): void {
    for (const [stream, log] of this.logs) {
      while (log.size > 0 && mayDrop(log)) {
        this.#count(-log.dropFirst());
        this.#events -= 1;
      }
      if (log.isDone && log.size === 0) this.#forget(stream, log);
    }
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.total.bytes += bytes;
    if (this.#holder !== undefined) this.#holder.bytes += bytes;
  }

  #forgetEnded(): boolean {
    let oldest: [StreamId, EventLog] | undefined;
    for (const entry of this.logs) {
      if (entry[1].isDone) return this.#forget(...entry);
      if (oldest === undefined && entry[1].endedAt !== undefined && !entry[1].isBeingRead) oldest = entry;
    }
    return oldest !== undefined && this.#forget(...oldest);
  }

  #forget(stream: StreamId, log: EventLog): true {
    this.logs.delete(stream);
    this.#count(-STREAM_OVERHEAD_BYTES);
    while (log.size > 0) {
      this.#count(-log.dropFirst());
      this.#events -= 1;
    }
    log.wake();
    return true;
  }
}
