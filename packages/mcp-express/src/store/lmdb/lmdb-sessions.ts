import { holderOf, USED } from '../holders.js';
import type { CreateOutcome, SessionId, SessionLimits, SessionRecord, SessionStore } from '../store.js';
import { type Change, Lives } from './lives.js';
import { forgetWishes } from './lmdb-subscriptions.js';
import type { Opened } from './opened.js';
import { countOfOwner, largestHolder } from './owners.js';
import { type Life, nameOf } from './tables.js';
import type { Step } from './writes.js';

export class LmdbSessions implements SessionStore {
  readonly #lives: Lives;

  constructor(
    private readonly opened: Opened,
    private readonly now: () => number,
    /** Told of a session that expired, inside of the transaction: nobody will drop its streams. */
    private readonly onExpired: (step: Step, name: string) => void,
  ) {
    this.#lives = new Lives(opened.tables);
  }

  create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome> {
    return this.opened.write((step) => this.#create(step, record, expiresAt, limits));
  }

  touch(id: SessionId, owner: string, expiresAt: number): Promise<SessionRecord | undefined> {
    return this.opened.write((step) => {
      const name = nameOf(id);
      const [now, record] = [this.now(), this.opened.tables.sessions.get(name)];
      const life = this.#lives.read(name, now);
      if (life === undefined || record?.owner !== owner) return undefined;
      this.#lives.change(name, life, { turn: USED + step.turn(), expiresAt }, now);
      return record;
    });
  }

  read(id: SessionId): Promise<SessionRecord | undefined> {
    return this.opened.read(() => (this.isAlive(nameOf(id)) ? this.opened.tables.sessions.get(nameOf(id)) : undefined));
  }

  setLogLevel(id: SessionId, logLevel: string): Promise<boolean> {
    return this.opened.write(() => this.#replace(id, (record) => ({ ...record, logLevel })) !== undefined);
  }

  swapLists(id: SessionId, lists: SessionRecord['lists']): Promise<SessionRecord['lists'] | undefined> {
    return this.opened.write(() => this.#replace(id, (record) => ({ ...record, lists }))?.lists);
  }

  hold(id: SessionId, until: number): Promise<void> {
    return this.opened.write((step) => this.#change(id, { heldUntil: until, turn: USED + step.turn() }));
  }

  release(id: SessionId, expiresAt: number): Promise<void> {
    return this.opened.write(() => this.#change(id, { heldUntil: 0, expiresAt }));
  }

  delete(id: SessionId): Promise<boolean> {
    return this.opened.write((step) => {
      const name = nameOf(id);
      const alive = this.isAlive(name);
      this.#remove(step, name, alive);
      return alive;
    });
  }

  async count(): Promise<number> {
    for (;;) {
      const count = await this.opened.write((step) =>
        this.sweep(step, this.now()) ? step.totals.sessions : undefined,
      );
      if (count !== undefined) return count;
    }
  }

  async takeExpired(): Promise<readonly SessionId[]> {
    await this.count();
    return this.opened.expired.take();
  }

  isAlive(name: string): boolean {
    return this.#lives.read(name, this.now()) !== undefined;
  }

  /** Until when a session is sure to live; `undefined` when it does not. */
  livesUntil(name: string, now: number): number | undefined {
    const life = this.#lives.read(name, now);
    return life && Math.max(life.expiresAt, life.heldUntil);
  }

  get due(): Lives['due'] {
    return this.#lives.due;
  }

  /** False when some is left. */
  sweep(step: Step, now: number): boolean {
    return this.due.settle(now, (name) => {
      if (this.#lives.look(name, now)) this.#remove(step, name, false);
    });
  }

  #create(step: Step, record: SessionRecord, expiresAt: number, limits: SessionLimits): CreateOutcome {
    const now = this.now();
    this.sweep(step, now);
    const holder = holderOf(record);
    const owner = holder === '' ? '' : nameOf(holder);
    const places = this.#makeRoom(step, owner, limits);
    if (places === undefined) return { created: false };
    const evicted: SessionId[] = [];
    for (const name of places) {
      const gone = this.opened.tables.sessions.get(name);
      const alive = this.isAlive(name);
      if (alive && gone !== undefined) evicted.push(gone.id);
      this.#remove(step, name, alive);
    }
    const name = nameOf(record.id);
    this.#remove(step, name, true);
    void this.opened.tables.sessions.put(name, record);
    this.#lives.begin(name, owner, step.turn(), expiresAt);
    step.totals.sessions += 1;
    return { created: true, evicted };
  }

  /** Who must go for one more session of this holder; `undefined` when one must and none can. */
  #makeRoom({ totals }: Step, owner: string, limits: SessionLimits): readonly string[] | undefined {
    const places: string[] = [];
    if (owner !== '' && countOfOwner(this.opened.tables, owner, 'sessions') >= limits.perOwner) {
      const victim = this.#victim(limits, owner);
      if (victim === undefined) return undefined;
      places.push(victim);
    }
    if (totals.sessions - places.length < limits.total) return places;
    const largest = largestHolder(this.opened.tables, limits.total);
    const victim = (largest === undefined ? undefined : this.#victim(limits, largest)) ?? this.#victim(limits);
    return victim === undefined || places.includes(victim) ? undefined : [...places, victim];
  }

  #victim({ isBusy }: SessionLimits, owner?: string): string | undefined {
    for (const name of this.#lives.idle(owner)) {
      const record = isBusy && this.opened.tables.sessions.get(name);
      if (record === undefined || isBusy?.(record.id) !== true) return name;
    }
    return undefined;
  }

  #replace(id: SessionId, change: (record: SessionRecord) => SessionRecord): SessionRecord | undefined {
    const record = this.isAlive(nameOf(id)) ? this.opened.tables.sessions.get(nameOf(id)) : undefined;
    if (record !== undefined) void this.opened.tables.sessions.put(nameOf(id), change(record));
    return record;
  }

  #change(id: SessionId, change: Change): void {
    const now = this.now();
    const life: Life | undefined = this.#lives.read(nameOf(id), now);
    if (life !== undefined) this.#lives.change(nameOf(id), life, change, now);
  }

  #remove(step: Step, name: string, alive: boolean): void {
    if (this.#lives.end(name) === undefined) return;
    const id = alive ? undefined : this.opened.tables.sessions.get(name)?.id;
    void this.opened.tables.sessions.remove(name);
    step.totals.sessions -= 1;
    forgetWishes(this.opened.tables, name);
    if (id !== undefined) step.expired(id);
    if (!alive) this.onExpired(step, name);
  }
}
