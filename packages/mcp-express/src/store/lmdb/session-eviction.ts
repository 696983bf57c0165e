import type { EvictableStreams, Need } from '../eviction.js';
import type { EventClass, StreamLimits } from '../stream-limits.js';
import { isDone, type SessionStreams, type StreamRow, sizeOf } from './session-streams.js';

/** The streams of one session in the file, as the eviction sees them. */
export class SessionEviction implements EvictableStreams {
  #rows: StreamRow[] | undefined;

  /** @param current the stream that is appended to, whose object is shared with the caller. */
  constructor(
    private readonly streams: SessionStreams,
    private readonly current: StreamRow,
    private readonly limits: StreamLimits,
    private readonly isAttached: (row: StreamRow) => boolean,
  ) {}

  exceeds(need: Need, factor: number): boolean {
    return this.streams.exceeds(this.limits, need, factor);
  }

  get isBeingRead(): boolean {
    return this.#all.some((row) => isUnread(row) && this.isAttached(row));
  }

  dropDelivered(isHigh: () => boolean): void {
    this.#drop('delivered', isHigh, true);
  }

  dropNotifications(isHigh: () => boolean, attachedToo: boolean): void {
    this.#drop('notification', isHigh, attachedToo);
  }

  replaceResponses(isHigh: () => boolean, attachedToo: boolean): void {
    for (const row of this.#all) {
      if (!isHigh()) return;
      if (attachedToo || !this.isAttached(row)) this.streams.replace(row, isHigh);
    }
  }

  #drop(eventClass: EventClass, isHigh: () => boolean, attachedToo: boolean): void {
    for (const row of this.#all) {
      if (!isHigh()) break;
      if (!attachedToo && this.isAttached(row)) continue;
      this.streams.drop(row, eventClass, isHigh);
      if (row !== this.current && isDone(row.head) && sizeOf(row.head) === 0) this.streams.forget(row);
    }
    this.#rows = this.#all.filter((row) => row === this.current || !isDone(row.head) || sizeOf(row.head) > 0);
  }

  /** Loaded on first use, because most appends need no eviction. */
  get #all(): readonly StreamRow[] {
    const isCurrent = ({ head }: StreamRow): boolean => head.number === this.current.head.number;
    this.#rows ??= this.streams.rows().map((row) => (isCurrent(row) ? this.current : row));
    return this.#rows;
  }
}

/** Whether the stream has undelivered events. */
export function isUnread({ head }: StreamRow): boolean {
  return head.delivered < head.last;
}
