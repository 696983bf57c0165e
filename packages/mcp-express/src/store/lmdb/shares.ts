import { LAST_NAME, type Tables } from './tables.js';

/** A holder, by NAME, and the bytes of its streams. */
export interface Share {
  readonly holder: string;
  readonly bytes: number;
}

/** What the streams of each holder hold, within one transaction. Written at its end, once for each holder. */
export class Shares {
  readonly #changed = new Map<string, number>();

  constructor(private readonly tables: Tables) {}

  of(holder: string): number {
    return this.#changed.get(holder) ?? this.tables.shares.get(holder) ?? 0;
  }

  add(holder: string, bytes: number): void {
    this.#changed.set(holder, this.of(holder) + bytes);
  }

  /** NAMEs of the sessions that are counted for a holder. */
  sessionsOf(holder: string): readonly string[] {
    const range = {
      start: [holder] as unknown as [string, string],
      end: [holder, LAST_NAME] as [string, string],
    };
    return [...this.tables.shelvesOf.getKeys(range)].map(([, session]) => session);
  }

  /** Holders of more than so many bytes, the largest first. */
  largerThan(bytes: number): readonly Share[] {
    const all = new Map<string, number>();
    for (const { key, value } of this.tables.shares.getRange({})) all.set(key, value);
    for (const [holder, changed] of this.#changed) all.set(holder, changed);
    return [...all]
      .map(([holder, held]) => ({ holder, bytes: held }))
      .filter((share) => share.bytes > bytes)
      .sort((a, b) => b.bytes - a.bytes);
  }

  save(): void {
    for (const [holder, bytes] of this.#changed) {
      if (bytes > 0) void this.tables.shares.put(holder, bytes);
      else void this.tables.shares.remove(holder);
    }
    this.#changed.clear();
  }
}
