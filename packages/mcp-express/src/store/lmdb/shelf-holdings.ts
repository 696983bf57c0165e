import type { Holdings, Need } from '../room.js';
import type { StreamLimits, Worth } from '../stream-limits.js';
import { isDone, type Row, type ShelfWork, sizeOf } from './shelf.js';

/** The streams of one session in the file, for the decision what makes room. */
export class ShelfHoldings implements Holdings {
  #rows: Row[] | undefined;

  /** @param current the stream that is appended to. */
  constructor(
    private readonly shelf: ShelfWork,
    private readonly current: Row,
    private readonly limits: StreamLimits,
    private readonly isAttached: (row: Row) => boolean,
  ) {}

  isOver(need: Need, share: number): boolean {
    return this.shelf.isOver(this.limits, need, share);
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

  replaceAnswers(isHigh: () => boolean, attachedToo: boolean): void {
    for (const row of this.#all) {
      if (!isHigh()) return;
      if (attachedToo || !this.isAttached(row)) this.shelf.replace(row, isHigh);
    }
  }

  #drop(worth: Worth, isHigh: () => boolean, attachedToo: boolean): void {
    for (const row of this.#all) {
      if (!isHigh()) break;
      if (!attachedToo && this.isAttached(row)) continue;
      this.shelf.drop(row, worth, isHigh);
      if (row !== this.current && isDone(row.head) && sizeOf(row.head) === 0) this.shelf.forget(row);
    }
    this.#rows = this.#all.filter((row) => row === this.current || !isDone(row.head) || sizeOf(row.head) > 0);
  }

  /** Read where they are needed first, which is only where there is hardly any room. */
  get #all(): readonly Row[] {
    const isCurrent = ({ head }: Row): boolean => head.number === this.current.head.number;
    this.#rows ??= this.shelf.rows().map((row) => (isCurrent(row) ? this.current : row));
    return this.#rows;
  }
}

export function isUnread({ head }: Row): boolean {
  return head.delivered < head.last;
}
