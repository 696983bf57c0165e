import { LAST, type Tables } from './tables.js';

/** What there is to be looked at: sessions, shelves, ended streams, claims, leases, tasks. */
export type Kind = 'session' | 'shelf' | 'stream' | 'claim' | 'lease' | 'task';

/** How long one look at what is due may take before others have their turn. Milliseconds. */
const BUDGET_MS = 5;

/** Looked at together. */
const STEP = 50;

/**
 * When what of one kind must be looked at. An entry that is too early does no harm, so most changes of a life leave it
 * where it is.
 */
export class Due<K extends string | number> {
  constructor(
    private readonly tables: Tables,
    private readonly kind: Kind,
  ) {}

  set(at: number, key: K): void {
    void this.tables.due.put([this.kind, at, key], '');
  }

  clear(at: number, key: K): void {
    void this.tables.due.remove([this.kind, at, key]);
  }

  /** Lets `look` see what is due, which then is no longer in here, for a short while. False when some is left. */
  settle(now: number, look: (key: K, at: number) => void): boolean {
    const stop = performance.now() + BUDGET_MS;
    for (;;) {
      const found = this.#until(now, STEP);
      for (const [at, key] of found) {
        this.clear(at, key);
        look(key, at);
      }
      if (found.length < STEP) return true;
      if (performance.now() > stop) return false;
    }
  }

  hasAny(now: number): boolean {
    return this.#until(now, 1).length > 0;
  }

  #until(now: number, limit: number): [number, K][] {
    const keys = this.tables.due.getKeys({ start: [this.kind, -LAST], end: [this.kind, now, LAST_OF_ALL], limit });
    return [...keys].map(([, at, key]) => [at as number, key as K]);
  }
}

/** Sorts after every name and number. */
const LAST_OF_ALL = '\u{10ffff}';
