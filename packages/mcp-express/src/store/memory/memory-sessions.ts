import { setImmediate } from 'node:timers/promises';
import { ExpiredSessions } from '../expired-sessions.js';
import { holderOf } from '../holders.js';
import type { CreateOutcome, SessionId, SessionLimits, SessionRecord, SessionStore } from '../store.js';
import { MemoryHolders, UseOrder } from './memory-holders.js';

/** Longest slice of a sweep, so that it does not delay requests. Milliseconds. */
const BUDGET_MS = 5;

/** Sessions swept between two reads of the clock. */
const LOOKS = 16;

interface Entry {
  record: SessionRecord;
  expiresAt: number;
  heldUntil: number;
}

/** Sessions in a map, and in the order in which they are evicted: of all, and of each holder. */
export class MemorySessions implements SessionStore {
  readonly #entries = new Map<SessionId, Entry>();
  readonly #order = new UseOrder();
  readonly #holders = new MemoryHolders();
  readonly #expired = new ExpiredSessions();

  constructor(
    private readonly now: () => number,
    /**
     * Called for each session that is removed. Streams of an expired session must be dropped here, because no request
     * does.
     */
    private readonly onGone: (id: SessionId, expired: boolean) => void,
  ) {}

  async create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome> {
    const evicted: SessionId[] = [];
    const holder = holderOf(record);
    const own = this.#holders.of(holder);
    if (own.size >= limits.perOwner && !this.#evictFrom(own, evicted, limits)) return { created: false };
    if (this.#entries.size >= limits.total && !this.#evictOne(evicted, limits)) return { created: false };
    this.#entries.set(record.id, { record, expiresAt, heldUntil: 0 });
    this.#order.created(record.id);
    this.#holders.created(holder, record.id);
    return { created: true, evicted };
  }

  async touch(id: SessionId, owner: string, expiresAt: number): Promise<SessionRecord | undefined> {
    const entry = this.#alive(id);
    if (entry === undefined || entry.record.owner !== owner) return undefined;
    entry.expiresAt = expiresAt;
    this.#used(entry);
    return entry.record;
  }

  async read(id: SessionId): Promise<SessionRecord | undefined> {
    return this.#alive(id)?.record;
  }

  async setLogLevel(id: SessionId, logLevel: string): Promise<boolean> {
    const entry = this.#alive(id);
    if (entry === undefined) return false;
    entry.record = { ...entry.record, logLevel };
    return true;
  }

  async swapLists(id: SessionId, lists: SessionRecord['lists']): Promise<SessionRecord['lists'] | undefined> {
    const entry = this.#alive(id);
    if (entry === undefined) return undefined;
    const before = entry.record.lists;
    entry.record = { ...entry.record, lists };
    return before;
  }

  async hold(id: SessionId, until: number): Promise<void> {
    const entry = this.#alive(id);
    if (entry === undefined) return;
    entry.heldUntil = until;
    // Holding counts as use; else every eviction would first have to skip all held sessions.
    this.#used(entry);
  }

  async release(id: SessionId, expiresAt: number): Promise<void> {
    const entry = this.#alive(id);
    if (entry === undefined) return;
    entry.heldUntil = 0;
    entry.expiresAt = expiresAt;
  }

  async delete(id: SessionId): Promise<boolean> {
    const alive = this.#alive(id) !== undefined;
    this.#remove(id);
    return alive;
  }

  async count(): Promise<number> {
    void this.sweep();
    const now = this.now();
    let count = 0;
    for (const entry of this.#entries.values()) if (!isOver(entry, now)) count += 1;
    return count;
  }

  async ids(): Promise<readonly SessionId[]> {
    await this.sweep();
    return [...this.#entries.keys()];
  }

  async takeExpired(): Promise<readonly SessionId[]> {
    await this.sweep();
    return this.#expired.take();
  }

  /**
   * Removes expired sessions, a few milliseconds at a time. It scans all of them, because holds make the order of
   * expiry differ from the order of use.
   */
  async sweep(): Promise<void> {
    const now = this.now();
    let stop = performance.now() + BUDGET_MS;
    // Sessions created during the sweep come last, and need no look.
    let left = this.#entries.size;
    for (const [id, entry] of this.#entries) {
      if (isOver(entry, now)) this.#remove(id);
      left -= 1;
      if (left === 0) return;
      if (left % LOOKS !== 0 || performance.now() < stop) continue;
      await setImmediate();
      stop = performance.now() + BUDGET_MS;
    }
  }

  #used(entry: Entry): void {
    this.#order.used(entry.record.id);
    this.#holders.used(holderOf(entry.record), entry.record.id);
  }

  /** Whether the session exists and has not expired. */
  has(id: SessionId): boolean {
    return this.#alive(id) !== undefined;
  }

  #alive(id: SessionId): Entry | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return undefined;
    if (!isOver(entry, this.now())) return entry;
    this.#remove(id);
    return undefined;
  }

  #evictOne(evicted: SessionId[], limits: SessionLimits): boolean {
    const largest = this.#holders.largest(limits.total);
    return this.#evictFrom(largest, evicted, limits) || this.#evictFrom(this.#order, evicted, limits);
  }

  #evictFrom(ids: Iterable<SessionId>, evicted: SessionId[], { isBusy }: SessionLimits): boolean {
    const now = this.now();
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (entry === undefined || entry.heldUntil > now || isBusy?.(id) === true) continue;
      if (!isOver(entry, now)) evicted.push(id);
      this.#remove(id);
      return true;
    }
    return false;
  }

  #remove(id: SessionId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#order.delete(id);
    this.#holders.remove(holderOf(entry.record), id);
    const expired = isOver(entry, this.now());
    if (expired) this.#expired.add([id]);
    this.onGone(id, expired);
  }
}

function isOver(entry: Entry, now: number): boolean {
  return entry.expiresAt <= now && entry.heldUntil <= now;
}
