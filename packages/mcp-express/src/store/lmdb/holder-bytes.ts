import { LAST_NAME, type Tables } from './tables.js';

/** A quota holder, by NAME, and the bytes of its streams. */
export interface HolderSum {
  readonly holder: string;
  readonly bytes: number;
}

/** The bytes of the streams of each quota holder, within one transaction. `save` writes each changed sum once. */
export class HolderBytes {
  readonly #changed = new Map<string, number>();

  constructor(private readonly tables: Tables) {}

  /** The bytes of a holder, by NAME. */
  of(holder: string): number {
    return this.#changed.get(holder) ?? this.tables.holderBytes.get(holder) ?? 0;
  }

  /** Adds to, or subtracts from, the bytes of a holder. */
  add(holder: string, bytes: number): void {
    this.#changed.set(holder, this.of(holder) + bytes);
  }

  /** NAMEs of the sessions whose streams count against a holder. */
  sessionsOf(holder: string): readonly string[] {
    const range = {
      start: [holder] as unknown as [string, string],
      end: [holder, LAST_NAME] as [string, string],
    };
    return [...this.tables.sessionsByHolder.getKeys(range)].map(([, session]) => session);
  }

  /** Holders with more than `bytes`, the largest first. */
  largerThan(bytes: number): readonly HolderSum[] {
    const all = new Map<string, number>();
    for (const { key, value } of this.tables.holderBytes.getRange({})) all.set(key, value);
    for (const [holder, changed] of this.#changed) all.set(holder, changed);
    return [...all]
      .map(([holder, held]) => ({ holder, bytes: held }))
      .filter((share) => share.bytes > bytes)
      .sort((a, b) => b.bytes - a.bytes);
  }

  /** Writes the changed sums. To be called at the end of the transaction. */
  save(): void {
    for (const [holder, bytes] of this.#changed) {
      if (bytes > 0) void this.tables.holderBytes.put(holder, bytes);
      else void this.tables.holderBytes.remove(holder);
    }
    this.#changed.clear();
  }
}
