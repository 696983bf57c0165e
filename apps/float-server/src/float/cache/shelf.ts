/** A bounded memory for tables: the one that was not asked for longest goes first. */
export interface Kept<T> {
  readonly records: readonly T[];
  /** When they were true. */
  readonly at: number;
}

export interface ShelfBounds {
  readonly maxTables: number;
  /** Of all tables together. */
  readonly maxRecords: number;
}

export class Shelf<T> {
  readonly #tables = new Map<string, Kept<T>>();
  #records = 0;

  constructor(private readonly bounds: ShelfBounds) {}

  get(name: string): Kept<T> | undefined {
    const found = this.#tables.get(name);
    if (found === undefined) return undefined;
    // A Map keeps the order of insertion: what was used last stands last.
    this.#tables.delete(name);
    this.#tables.set(name, found);
    return found;
  }

  put(name: string, table: Kept<T>): void {
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
