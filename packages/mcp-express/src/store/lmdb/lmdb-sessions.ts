import { holderOf, USED } from '../holders.js';
import type { CreateOutcome, SessionId, SessionLimits, SessionRecord, SessionStore } from '../store.js';
import { countOf, largestHolder } from './holder-counts.js';
import { removeSubscriptions } from './lmdb-subscriptions.js';
import { type LifetimeChange, SessionLifetimes } from './session-lifetimes.js';
import type { StoreFile } from './store-file.js';
import { type Lifetime, nameOf } from './tables.js';
import type { Transaction } from './write-queue.js';

/** Sessions in the tables `sessions` and `lives`. */
export class LmdbSessions implements SessionStore {
  readonly #lifetimes: SessionLifetimes;

  constructor(
    private readonly file: StoreFile,
    private readonly now: () => number,
    /**
     * Called within the transaction for each expired session, whose streams must be dropped here because no request
     * does.
     */
    private readonly onExpired: (tx: Transaction, name: string) => void,
  ) {
    this.#lifetimes = new SessionLifetimes(file.tables);
  }

  create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome> {
    return this.file.write((tx) => this.#create(tx, record, expiresAt, limits));
  }

  touch(id: SessionId, owner: string, expiresAt: number): Promise<SessionRecord | undefined> {
    return this.file.write((tx) => {
      const name = nameOf(id);
      const [now, record] = [this.now(), this.file.tables.sessions.get(name)];
      const lifetime = this.#lifetimes.read(name, now);
      if (lifetime === undefined || record?.owner !== owner) return undefined;
      this.#lifetimes.change(name, lifetime, { turn: USED + tx.nextSequence(), expiresAt }, now);
      return record;
    });
  }

  read(id: SessionId): Promise<SessionRecord | undefined> {
    return this.file.read(() => (this.isAlive(nameOf(id)) ? this.file.tables.sessions.get(nameOf(id)) : undefined));
  }

  setLogLevel(id: SessionId, logLevel: string): Promise<boolean> {
    return this.file.write(() => this.#replace(id, (record) => ({ ...record, logLevel })) !== undefined);
  }

  swapLists(id: SessionId, lists: SessionRecord['lists']): Promise<SessionRecord['lists'] | undefined> {
    return this.file.write(() => this.#replace(id, (record) => ({ ...record, lists }))?.lists);
  }

  hold(id: SessionId, until: number): Promise<void> {
    return this.file.write((tx) => this.#change(id, { heldUntil: until, turn: USED + tx.nextSequence() }));
  }

  release(id: SessionId, expiresAt: number): Promise<void> {
    return this.file.write(() => this.#change(id, { heldUntil: 0, expiresAt }));
  }

  delete(id: SessionId): Promise<boolean> {
    return this.file.write((tx) => {
      const name = nameOf(id);
      const alive = this.isAlive(name);
      this.#remove(tx, name, alive);
      return alive;
    });
  }

  async count(): Promise<number> {
    for (;;) {
      const count = await this.file.write((tx) => (this.sweep(tx, this.now()) ? tx.totals.sessions : undefined));
      if (count !== undefined) return count;
    }
  }

  ids(): Promise<readonly SessionId[]> {
    return this.file.read(() => [...this.file.tables.sessions.getRange()].map(({ value }) => value.id));
  }

  async takeExpired(): Promise<readonly SessionId[]> {
    await this.count();
    return this.file.expired.take();
  }

  /** Whether a session exists and has not expired. */
  isAlive(name: string): boolean {
    return this.#lifetimes.read(name, this.now()) !== undefined;
  }

  /** The time until which a session lives at least; `undefined` when it does not exist. */
  livesUntil(name: string, now: number): number | undefined {
    const lifetime = this.#lifetimes.read(name, now);
    return lifetime && Math.max(lifetime.expiresAt, lifetime.heldUntil);
  }

  /** The queue of expiries, for the sweeper. */
  get expiries(): SessionLifetimes['expiries'] {
    return this.#lifetimes.expiries;
  }

  /** Removes expired sessions. False when some are left. */
  sweep(tx: Transaction, now: number): boolean {
    return this.expiries.takeDue(now, (name) => {
      if (this.#lifetimes.check(name, now)) this.#remove(tx, name, false);
    });
  }

  #create(tx: Transaction, record: SessionRecord, expiresAt: number, limits: SessionLimits): CreateOutcome {
    const now = this.now();
    this.sweep(tx, now);
    const holder = holderOf(record);
    const owner = holder === '' ? '' : nameOf(holder);
    const places = this.#makeRoom(tx, owner, limits);
    if (places === undefined) return { created: false };
    const evicted: SessionId[] = [];
    for (const name of places) {
      const gone = this.file.tables.sessions.get(name);
      const alive = this.isAlive(name);
      if (alive && gone !== undefined) evicted.push(gone.id);
      this.#remove(tx, name, alive);
    }
    const name = nameOf(record.id);
    this.#remove(tx, name, true);
    void this.file.tables.sessions.put(name, record);
    this.#lifetimes.add(name, owner, tx.nextSequence(), expiresAt);
    tx.totals.sessions += 1;
    return { created: true, evicted };
  }

  /** The sessions to evict for one more session of this holder; `undefined` when one must be evicted and none can. */
  #makeRoom({ totals }: Transaction, owner: string, limits: SessionLimits): readonly string[] | undefined {
    const places: string[] = [];
    if (owner !== '' && countOf(this.file.tables, owner, 'sessions') >= limits.perOwner) {
      const victim = this.#victim(limits, owner);
      if (victim === undefined) return undefined;
      places.push(victim);
    }
    if (totals.sessions - places.length < limits.total) return places;
    const largest = largestHolder(this.file.tables, limits.total);
    const victim = (largest === undefined ? undefined : this.#victim(limits, largest)) ?? this.#victim(limits);
    return victim === undefined || places.includes(victim) ? undefined : [...places, victim];
  }

  #victim({ isBusy }: SessionLimits, owner?: string): string | undefined {
    for (const name of this.#lifetimes.idle(owner)) {
      const record = isBusy && this.file.tables.sessions.get(name);
      if (record === undefined || isBusy?.(record.id) !== true) return name;
    }
    return undefined;
  }

  #replace(id: SessionId, change: (record: SessionRecord) => SessionRecord): SessionRecord | undefined {
    const record = this.isAlive(nameOf(id)) ? this.file.tables.sessions.get(nameOf(id)) : undefined;
    if (record !== undefined) void this.file.tables.sessions.put(nameOf(id), change(record));
    return record;
  }

  #change(id: SessionId, change: LifetimeChange): void {
    const now = this.now();
    const lifetime: Lifetime | undefined = this.#lifetimes.read(nameOf(id), now);
    if (lifetime !== undefined) this.#lifetimes.change(nameOf(id), lifetime, change, now);
  }

  #remove(tx: Transaction, name: string, alive: boolean): void {
    if (this.#lifetimes.remove(name) === undefined) return;
    const id = alive ? undefined : this.file.tables.sessions.get(name)?.id;
    void this.file.tables.sessions.remove(name);
    tx.totals.sessions -= 1;
    removeSubscriptions(this.file.tables, name);
    if (id !== undefined) tx.reportExpired(id);
    if (!alive) this.onExpired(tx, name);
  }
}
