import type { ClaimStore, Leases, Values, Versions } from '../store.js';
import { ExpiryQueue } from './expiry-queue.js';
import type { StoreFile } from './store-file.js';
import { nameOf } from './tables.js';

/** Names that are held until a time: the common part of claims and leases. */
class TimedNames {
  readonly expiries: ExpiryQueue<string>;

  constructor(
    protected readonly file: StoreFile,
    protected readonly table: 'claims' | 'leases',
    protected readonly now: () => number,
  ) {
    this.expiries = new ExpiryQueue(file.tables, table === 'claims' ? 'claim' : 'lease');
  }

  protected until(name: string): number {
    return this.file.tables[this.table].get(name) ?? 0;
  }

  protected put(name: string, until: number): void {
    void this.file.tables[this.table].put(name, until);
    this.expiries.schedule(until, name);
  }

  /** Removes expired names. False when some are left. */
  sweep(now: number): boolean {
    return this.expiries.takeDue(now, (name) => {
      if (this.until(name) <= now) void this.file.tables[this.table].remove(name);
    });
  }
}

/** Claims in the table `claims`. */
export class LmdbClaims extends TimedNames implements ClaimStore {
  constructor(file: StoreFile, now: () => number) {
    super(file, 'claims', now);
  }

  claim(name: string, expiresAt: number): Promise<boolean> {
    return this.file.write(() => {
      const key = nameOf(name);
      if (this.until(key) > this.now()) return false;
      this.expiries.cancel(this.until(key), key);
      this.put(key, expiresAt);
      return true;
    });
  }
}

/** Milliseconds that the beginning of a node's absence is kept. */
const MISSED_KEPT_MS = 60 * 60_000;

/** The name in the table `leases` under which the beginning of a node's absence is kept. */
function missedName(node: string): string {
  return nameOf(`missed ${node}`);
}

/** Leases in the table `leases`. */
export class LmdbLeases extends TimedNames implements Leases {
  constructor(file: StoreFile, now: () => number) {
    super(file, 'leases', now);
  }

  hold(node: string, until: number): Promise<void> {
    return this.file.write(() => {
      this.#forget(nameOf(node));
      this.#forget(missedName(node), MISSED_KEPT_MS);
      this.put(nameOf(node), until);
    });
  }

  isHeld(node: string): Promise<boolean> {
    return this.file.read(() => this.until(nameOf(node)) > this.now());
  }

  missedFor(node: string): Promise<number> {
    return this.file.write(() => {
      const [now, name] = [this.now(), missedName(node)];
      const until = this.until(nameOf(node));
      if (until > now) return now - until;
      const since = this.until(name);
      if (since > 0) return Math.max(0, now - since);
      void this.file.tables.leases.put(name, now);
      this.expiries.schedule(now + MISSED_KEPT_MS, name);
      return 0;
    });
  }

  release(node: string): Promise<void> {
    return this.file.write(() => this.#forget(nameOf(node)));
  }

  #forget(name: string, dueAfterMs = 0): void {
    this.expiries.cancel(this.until(name) + dueAfterMs, name);
    void this.file.tables.leases.remove(name);
  }
}

/** Version numbers in the table `versions`. */
export class LmdbVersions implements Versions {
  constructor(private readonly file: StoreFile) {}

  bump(name: string): Promise<void> {
    return this.file.write(() => void this.file.tables.versions.put(nameOf(name), this.#read(name) + 1));
  }

  read(names: readonly string[]): Promise<readonly number[]> {
    return this.file.read(() => names.map((name) => this.#read(name)));
  }

  #read(name: string): number {
    return this.file.tables.versions.get(nameOf(name)) ?? 0;
  }
}

/** Values in the table `values`. */
export class LmdbValues implements Values {
  constructor(private readonly file: StoreFile) {}

  agree(name: string, value: string): Promise<string> {
    const { values } = this.file.tables;
    return this.file.write(() => {
      const agreed = values.get(nameOf(name));
      if (agreed === undefined) void values.put(nameOf(name), value);
      return agreed ?? value;
    });
  }
}
