import type { ClaimStore, Leases, Values, Versions } from '../store.js';
import { Due } from './due.js';
import type { Opened } from './opened.js';
import { nameOf } from './tables.js';

/** Names that are held until their time: the same for claims and for leases. */
class Holds {
  readonly due: Due<string>;

  constructor(
    protected readonly opened: Opened,
    protected readonly table: 'claims' | 'leases',
    protected readonly now: () => number,
  ) {
    this.due = new Due(opened.tables, table === 'claims' ? 'claim' : 'lease');
  }

  protected until(name: string): number {
    return this.opened.tables[this.table].get(name) ?? 0;
  }

  protected put(name: string, until: number): void {
    void this.opened.tables[this.table].put(name, until);
    this.due.set(until, name);
  }

  /** False when some is left. */
  sweep(now: number): boolean {
    return this.due.settle(now, (name) => {
      if (this.until(name) <= now) void this.opened.tables[this.table].remove(name);
    });
  }
}

export class LmdbClaims extends Holds implements ClaimStore {
  constructor(opened: Opened, now: () => number) {
    super(opened, 'claims', now);
  }

  claim(name: string, expiresAt: number): Promise<boolean> {
    return this.opened.write(() => {
      const key = nameOf(name);
      if (this.until(key) > this.now()) return false;
      this.due.clear(this.until(key), key);
      this.put(key, expiresAt);
      return true;
    });
  }
}

/** Milliseconds for which it is kept since when a node is missed. */
const MISSED_KEPT_MS = 60 * 60_000;

/** Where it stands since when a node is missed, in the table of leases. */
function missedName(node: string): string {
  return nameOf(`missed ${node}`);
}

export class LmdbLeases extends Holds implements Leases {
  constructor(opened: Opened, now: () => number) {
    super(opened, 'leases', now);
  }

  hold(node: string, until: number): Promise<void> {
    return this.opened.write(() => {
      this.#forget(nameOf(node));
      this.#forget(missedName(node), MISSED_KEPT_MS);
      this.put(nameOf(node), until);
    });
  }

  isHeld(node: string): Promise<boolean> {
    return this.opened.read(() => this.until(nameOf(node)) > this.now());
  }

  missedFor(node: string): Promise<number> {
    return this.opened.write(() => {
      const [now, name] = [this.now(), missedName(node)];
      if (this.until(nameOf(node)) > now) return 0;
      const since = this.until(name);
      if (since > 0) return Math.max(0, now - since);
      void this.opened.tables.leases.put(name, now);
      this.due.set(now + MISSED_KEPT_MS, name);
      return 0;
    });
  }

  release(node: string): Promise<void> {
    return this.opened.write(() => this.#forget(nameOf(node)));
  }

  #forget(name: string, dueAfterMs = 0): void {
    this.due.clear(this.until(name) + dueAfterMs, name);
    void this.opened.tables.leases.remove(name);
  }
}

export class LmdbVersions implements Versions {
  constructor(private readonly opened: Opened) {}

  bump(name: string): Promise<void> {
    return this.opened.write(() => void this.opened.tables.versions.put(nameOf(name), this.#read(name) + 1));
  }

  read(names: readonly string[]): Promise<readonly number[]> {
    return this.opened.read(() => names.map((name) => this.#read(name)));
  }

  #read(name: string): number {
    return this.opened.tables.versions.get(nameOf(name)) ?? 0;
  }
}

export class LmdbValues implements Values {
  constructor(private readonly opened: Opened) {}

  agree(name: string, value: string): Promise<string> {
    const { values } = this.opened.tables;
    return this.opened.write(() => {
      const agreed = values.get(nameOf(name));
      if (agreed === undefined) void values.put(nameOf(name), value);
      return agreed ?? value;
    });
  }
}
