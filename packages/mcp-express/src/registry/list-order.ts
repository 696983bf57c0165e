import { createHash } from 'node:crypto';

/** Most removed entries that are remembered, for clients in the middle of a paginated list. */
const MAX_REMOVED = 1_000;

/** Enough characters for 128 bits, so that cursors do not collide. */
const CURSOR_CHARACTERS = 22;

/** The cursor of the page after the entry with this key, identical on every node. */
export function cursorAfter(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, CURSOR_CHARACTERS);
}

/** The order of registration, including removed entries. */
export class ListOrder<T extends object> {
  readonly #numbers = new WeakMap<T, number>();
  /** Numbers of removed entries by cursor. */
  readonly #removed = new Map<string, number>();
  #count = 0;

  add(entry: T): void {
    this.#count += 1;
    this.#numbers.set(entry, this.#count);
  }

  /**
   * @param keys keys that cursors may have used for the entry. If several entries shared a key, the first counts, so
   * that no entry is missed.
   */
  remove(entry: T, keys: readonly string[]): void {
    for (const cursor of keys.map(cursorAfter)) {
      const number = Math.min(this.of(entry), this.#removed.get(cursor) ?? Number.POSITIVE_INFINITY);
      this.#removed.delete(cursor);
      this.#removed.set(cursor, number);
    }
    for (const oldest of this.#removed.keys()) {
      if (this.#removed.size <= MAX_REMOVED) break;
      this.#removed.delete(oldest);
    }
  }

  of(entry: T): number {
    return this.#numbers.get(entry) ?? 0;
  }

  ofRemoved(cursor: string): number | undefined {
    return this.#removed.get(cursor);
  }
}
