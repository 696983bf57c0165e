import type { Debt, StreamId } from '../store.js';
import { LEAST_FIRST, LOW_WATER, type StreamLimits, type Worth } from '../stream-limits.js';
import { cost, EventLog } from './event-log.js';

/** What a stream costs beside its events. */
const STREAM_OVERHEAD_BYTES = 512;

const WORTH: Readonly<Record<Worth, (log: EventLog) => boolean>> = {
  delivered: (log) => (log.first()?.place ?? Number.POSITIVE_INFINITY) <= log.deliveredPlace,
  notification: (log) => log.first()?.answer === false,
  anything: () => true,
};

/** All streams of one session, kept within its limits. In order of opening. */
export class SessionStreams {
  readonly logs = new Map<StreamId, EventLog>();
  #bytes = 0;
  #events = 0;

  constructor(private readonly limits: StreamLimits) {}

  get bytes(): number {
    return this.#bytes;
  }

  /** False when there is no room for one more stream: all that are there are still running. */
  open(stream: StreamId, debt?: Debt): boolean {
    if (this.logs.has(stream)) return true;
    if (this.logs.size >= this.limits.streams && !this.#forgetEnded()) return false;
    this.logs.set(stream, new EventLog(debt));
    this.#bytes += STREAM_OVERHEAD_BYTES;
    return true;
  }

  /** Counts an event that was just appended to the log, and makes room for it if it must. */
  appended(log: EventLog, event: { readonly data: string }): void {
    this.#bytes += cost(event);
    this.#events += 1;
    if (this.#isOver(1)) this.#makeRoom(log);
  }

  forgetOld(now: number): void {
    for (const [stream, log] of this.logs) {
      if (log.endedAt !== undefined && log.endedAt + this.limits.ageMs <= now) this.#forget(stream, log);
    }
  }

  #isOver(share: number): boolean {
    return this.#bytes > this.limits.bytes * share || this.#events > this.limits.events * share;
  }

  /** Drops what is worth this little while `isOver` says so. */
  drop(worth: Worth, isOver: () => boolean, current?: EventLog): void {
    this.#dropWhile((log) => isOver() && WORTH[worth](log), current);
  }

  /** The newest event of the log that is being appended to always stays. */
  #makeRoom(current: EventLog): void {
    for (const worth of LEAST_FIRST) this.drop(worth, () => this.#isOver(LOW_WATER), current);
  }

  #dropWhile(mayDrop: (log: EventLog) => boolean, current: EventLog | undefined): void {
    for (const [stream, log] of this.logs) {
      const keep = log === current ? 1 : 0;
      while (log.size > keep && mayDrop(log)) {
        this.#bytes -= log.dropFirst();
        this.#events -= 1;
      }
      if (log.isDone && log.size === 0) this.#forget(stream, log);
    }
  }

  #forgetEnded(): boolean {
    let oldest: [StreamId, EventLog] | undefined;
    for (const entry of this.logs) {
      if (entry[1].isDone) return this.#forget(...entry);
      if (oldest === undefined && entry[1].endedAt !== undefined) oldest = entry;
    }
    return oldest !== undefined && this.#forget(...oldest);
  }

  #forget(stream: StreamId, log: EventLog): true {
    this.logs.delete(stream);
    this.#bytes -= STREAM_OVERHEAD_BYTES;
    while (log.size > 0) {
      this.#bytes -= log.dropFirst();
      this.#events -= 1;
    }
    log.wake();
    return true;
  }
}
