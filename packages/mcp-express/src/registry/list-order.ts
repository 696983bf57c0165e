import { createHash } from 'node:crypto';

/** Entries that are remembered after they have gone, for clients that are on their way through a list. */
const MAX_GONE = 1_000;

/** As many characters as hold 128 bits: no two entries share a cursor by chance. */
const CURSOR_CHARACTERS = 22;

/** The cursor of the page after the entry with this key: the same on every node. */
export function cursorAfter(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, CURSOR_CHARACTERS);
}

/** In which order entries were registered, those that have gone included. */
export class ListOrder<T extends object> {
  readonly #numbers = new WeakMap<T, number>();
  /** By cursor. */
  readonly #gone = new Map<string, number>();
  #count = 0;

  add(entry: T): void {
    this.#count += 1;
    this.#numbers.set(entry, this.#count);
  }

  /** @param keys what cursors may have named it by. Of several entries with one key the first counts: nothing is missed. */
  remove(entry: T, keys: readonly string[]): void {
    for (const cursor of keys.map(cursorAfter)) {
      const number = Math.min(this.of(entry), this.#gone.get(cursor) ?? Number.POSITIVE_INFINITY);
      this.#gone.delete(cursor);
      this.#gone.set(cursor, number);
    }
    for (const oldest of this.#gone.keys()) {
      if (this.#gone.size <= MAX_GONE) break;
      this.#gone.delete(oldest);
    }
  }

  of(entry: T): number {
    return this.#numbers.get(entry) ?? 0;
  }

  ofGone(cursor: string): number | undefined {
    return this.#gone.get(cursor);
  }
}
