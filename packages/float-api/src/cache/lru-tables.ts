/** A cached table. */
export interface CachedTable<T> {
  readonly records: readonly T[];
  /** Time at which the records were read, in milliseconds since the epoch. */
  readonly at: number;
}

/** Limits of the cache. */
export interface LruBounds {
  readonly maxTables: number;
  /** Records of all tables together. */
  readonly maxRecords: number;
}

/** A bounded cache of tables that evicts the least recently used one. */
export class LruTables<T> {
  readonly #tables = new Map<string, CachedTable<T>>();
  #records = 0;

  constructor(private readonly bounds: LruBounds) {}

  get(name: string): CachedTable<T> | undefined {
    const found = this.#tables.get(name);
    if (found === undefined) return undefined;
    // A Map keeps insertion order, so the most recently used table is last.
    this.#tables.delete(name);
    this.#tables.set(name, found);
    return found;
  }

  put(name: string, table: CachedTable<T>): void {
    this.#drop(name);
    if (table.records.length > this.bounds.maxRecords) return;
    this.#tables.set(name, table);
    this.#records += table.records.length;
    for (const oldest of this.#tables.keys()) {
      if (this.#tables.size <= this.bounds.maxTables && this.#records <= this.bounds.maxRecords) return;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#tables.clear();
    this.#records = 0;
  }

  #drop(name: string): void {
    this.#records -= this.#tables.get(name)?.records.length ?? 0;
    this.#tables.delete(name);
  }
}
