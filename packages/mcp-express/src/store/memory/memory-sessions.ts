import { ExpiredSessions } from '../expired-sessions.js';
import type { CreateOutcome, SessionId, SessionLimits, SessionRecord, SessionStore } from '../store.js';

interface Entry {
  record: SessionRecord;
  expiresAt: number;
  heldUntil: number;
}

/** The owner who is many people; `ANONYMOUS` of the auth room, which a store does not import. */
const ANONYMOUS = '';

/**
 * Sessions in maps that are kept in order of last use (a `Map` iterates in order of insertion, and a touch reinserts),
 * so the one idle longest is always first.
 */
export class MemorySessions implements SessionStore {
  readonly #entries = new Map<SessionId, Entry>();
  /** Owner to that owner's ids in order of last use. The anonymous owner is not indexed: it has no ceiling of its own. */
  readonly #owners = new Map<string, Set<SessionId>>();
  readonly #expired = new ExpiredSessions();

  constructor(
    private readonly now: () => number,
    /** Told of each session that is no more, and whether it expired: nobody will drop the streams of an expired one. */
    private readonly onGone: (id: SessionId, expired: boolean) => void,
  ) {}

  async create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome> {
    const evicted: SessionId[] = [];
    const own = record.owner === ANONYMOUS ? undefined : this.#owners.get(record.owner);
    if (own !== undefined && own.size >= limits.perOwner && !this.#evictFrom(own, evicted, limits))
      return { created: false };
    if (this.#entries.size >= limits.total && !this.#evictFrom(this.#entries.keys(), evicted, limits)) {
      return { created: false };
    }
    this.#entries.set(record.id, { record, expiresAt, heldUntil: 0 });
    this.#index(record);
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
    // A held session counts as used, or every eviction would have to step over all the held ones first.
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
    this.sweep();
    return this.#entries.size;
  }

  async takeExpired(): Promise<readonly SessionId[]> {
    this.sweep();
    return this.#expired.take();
  }

  /** Forgets what has expired. Expiry is not in order of last use when sessions were held, so all are looked at. */
  sweep(): void {
    const now = this.now();
    for (const [id, entry] of this.#entries) if (isOver(entry, now)) this.#remove(id);
  }

  #used(entry: Entry): void {
    this.#entries.delete(entry.record.id);
    this.#entries.set(entry.record.id, entry);
    this.#index(entry.record);
  }

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

  #index(record: SessionRecord): void {
    if (record.owner === ANONYMOUS) return;
    const own = this.#owners.get(record.owner) ?? new Set();
    own.delete(record.id);
    this.#owners.set(record.owner, own.add(record.id));
  }

  #remove(id: SessionId): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    const own = this.#owners.get(entry.record.owner);
    own?.delete(id);
    if (own?.size === 0) this.#owners.delete(entry.record.owner);
    const expired = isOver(entry, this.now());
    if (expired) this.#expired.add([id]);
    this.onGone(id, expired);
  }
}

function isOver(entry: Entry, now: number): boolean {
  return entry.expiresAt <= now && entry.heldUntil <= now;
}
