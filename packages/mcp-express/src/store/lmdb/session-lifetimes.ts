import { ExpiryQueue } from './expiry-queue.js';
import { addToCount } from './holder-counts.js';
import { LAST, type Lifetime, type Tables } from './tables.js';

/** A change of a lifetime. Its index entries follow from it. */
export type LifetimeChange = Partial<Pick<Lifetime, 'turn' | 'expiresAt' | 'heldUntil'>>;

/** When sessions expire, and the order in which they were used. */
export class SessionLifetimes {
  readonly expiries: ExpiryQueue<string>;

  constructor(private readonly tables: Tables) {
    this.expiries = new ExpiryQueue(tables, 'session');
  }

  /** The lifetime of a session that has not expired. */
  read(name: string, now: number): Lifetime | undefined {
    const lifetime = this.tables.lifetimes.get(name);
    return lifetime === undefined || hasEnded(lifetime, now) ? undefined : lifetime;
  }

  /** Adds a session. @param owner NAME of the quota holder. @param turn a new sequence number. */
  add(name: string, owner: string, turn: number, expiresAt: number): void {
    const lifetime: Lifetime = { turn, expiresAt, heldUntil: 0, dueAt: expiresAt, idle: true, owner };
    void this.tables.lifetimes.put(name, lifetime);
    this.expiries.schedule(expiresAt, name);
    this.#enterIdle(name, lifetime);
    addToCount(this.tables, owner, 'sessions', 1);
  }

  /** Changes a lifetime and its index entries. */
  change(name: string, lifetime: Lifetime, change: LifetimeChange, now: number): void {
    const changed = { ...lifetime, ...change };
    const isHeld = changed.heldUntil > now;
    const lookAt = isHeld ? changed.heldUntil : changed.expiresAt;
    const dueAt = Math.min(lookAt, lifetime.dueAt);
    if (dueAt !== lifetime.dueAt) {
      this.expiries.cancel(lifetime.dueAt, name);
      this.expiries.schedule(dueAt, name);
    }
    this.#put(name, lifetime, { ...changed, dueAt, idle: !isHeld });
  }

  /**
   * Checks a session whose queue entry was due and is removed. It may have been used since; then it is scheduled again.
   *
   * @returns true when it has expired.
   */
  check(name: string, now: number): boolean {
    const lifetime = this.tables.lifetimes.get(name);
    if (lifetime === undefined) return false;
    if (hasEnded(lifetime, now)) return true;
    const isHeld = lifetime.heldUntil > now;
    const dueAt = isHeld ? lifetime.heldUntil : lifetime.expiresAt;
    this.expiries.schedule(dueAt, name);
    this.#put(name, lifetime, { ...lifetime, dueAt, idle: !isHeld });
    return false;
  }

  /** Removes a session. @returns its last lifetime. */
  remove(name: string): Lifetime | undefined {
    const lifetime = this.tables.lifetimes.get(name);
    if (lifetime === undefined) return undefined;
    void this.tables.lifetimes.remove(name);
    this.expiries.cancel(lifetime.dueAt, name);
    if (lifetime.idle) this.#leaveIdle(lifetime);
    addToCount(this.tables, lifetime.owner, 'sessions', -1);
    return lifetime;
  }

  /**
   * The NAMEs of the sessions that are not held, the one idle longest first.
   * @param owner only those of this quota holder.
   */
  *idle(owner?: string): Generator<string> {
    const STEP = 16;
    let from = 0;
    for (;;) {
      const page: { turn: number; name: string }[] = [...this.#idlePage(owner, from, STEP)];
      for (const { name } of page) yield name;
      if (page.length < STEP) return;
      from = (page.at(-1)?.turn ?? 0) + 1;
    }
  }

  *#idlePage(owner: string | undefined, from: number, limit: number): Generator<{ turn: number; name: string }> {
    if (owner === undefined) {
      for (const { key, value } of this.tables.idle.getRange({ start: from, end: LAST, limit })) {
        yield { turn: key, name: value };
      }
      return;
    }
    const range = { start: [owner, from] as [string, number], end: [owner, LAST] as [string, number], limit };
    for (const { key, value } of this.tables.idleByHolder.getRange(range)) yield { turn: key[1], name: value };
  }

  #put(name: string, before: Lifetime, after: Lifetime): void {
    if (before.idle && !(after.idle && after.turn === before.turn)) this.#leaveIdle(before);
    if (after.idle && !(before.idle && after.turn === before.turn)) this.#enterIdle(name, after);
    void this.tables.lifetimes.put(name, after);
  }

  #enterIdle(name: string, { turn, owner }: Lifetime): void {
    void this.tables.idle.put(turn, name);
    if (owner !== '') void this.tables.idleByHolder.put([owner, turn], name);
  }

  #leaveIdle({ turn, owner }: Lifetime): void {
    void this.tables.idle.remove(turn);
    if (owner !== '') void this.tables.idleByHolder.remove([owner, turn]);
  }
}

/** Whether a lifetime has ended. */
export function hasEnded({ expiresAt, heldUntil }: Lifetime, now: number): boolean {
  return expiresAt <= now && heldUntil <= now;
}
