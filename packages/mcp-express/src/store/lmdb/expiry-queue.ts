import { LAST, type Tables } from './tables.js';

/**
 * The kinds of records that expire: sessions, all streams of a session (`shelf`), ended streams, claims, leases, tasks.
 * They are part of keys in the file.
 */
export type ExpiryKind = 'session' | 'shelf' | 'stream' | 'claim' | 'lease' | 'task';

/** Longest time of one pass, so that it does not delay other writes. Milliseconds. */
const BUDGET_MS = 5;

/** Entries read at a time. */
const STEP = 50;

/**
 * The times at which records of one kind must be checked for expiry. An entry may be earlier than the expiry of its
 * record, so most changes of an expiry leave the entry in place.
 */
export class ExpiryQueue<K extends string | number> {
  constructor(
    private readonly tables: Tables,
    private readonly kind: ExpiryKind,
  ) {}

  /** Schedules a check. */
  schedule(at: number, key: K): void {
    void this.tables.expiries.put([this.kind, at, key], '');
  }

  /** Cancels a check. */
  cancel(at: number, key: K): void {
    void this.tables.expiries.remove([this.kind, at, key]);
  }

  /**
   * Removes the entries that are due and calls `check` for each, for at most the time of one pass.
   *
   * @returns false when due entries are left.
   */
  takeDue(now: number, check: (key: K, at: number) => void): boolean {
    const stop = performance.now() + BUDGET_MS;
    for (;;) {
      const found = this.#until(now, STEP);
      for (const [at, key] of found) {
        this.cancel(at, key);
        check(key, at);
      }
      if (found.length < STEP) return true;
      if (performance.now() > stop) return false;
    }
  }

  /** Whether any entry is due. */
  hasDue(now: number): boolean {
    return this.#until(now, 1).length > 0;
  }

  #until(now: number, limit: number): [number, K][] {
    const keys = this.tables.expiries.getKeys({ start: [this.kind, -LAST], end: [this.kind, now, LAST_OF_ALL], limit });
    return [...keys].map(([, at, key]) => [at as number, key as K]);
  }
}

/** Sorts after every name and number. */
const LAST_OF_ALL = '\u{10ffff}';
