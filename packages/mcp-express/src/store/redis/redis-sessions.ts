import { ExpiredSessions } from '../expired-sessions.js';
import { holderOf, largeHolderSize } from '../holders.js';
import type { CreateOutcome, SessionId, SessionLimits, SessionRecord, SessionStore } from '../store.js';
import type { Commands } from './client.js';
import * as index from './index-scripts.js';
import { IndexUpdates } from './index-updates.js';
import type { Keys } from './keys.js';
import type { Leftovers } from './leftovers.js';
import type { Script } from './script.js';
import * as scripts from './session-scripts.js';

/** Others may take the room that one has made; then it is made again, so often. */
const MAX_TRIES = 50;

/** Sessions that are looked at together. */
const READ_AT_ONCE = 50;

/** Record, owner, lists, log level, holder, and whether its subscriptions are to be renewed. */
type Stored = readonly [string, string, string, string | null, string | null, number?];

/**
 * Sessions as hashes that expire by themselves, and an index of all, which knows who was idle longest. A session is read
 * and kept alive in one round trip; the index is told of it behind, on the same connection.
 */
export class RedisSessions implements SessionStore {
  readonly #expired = new ExpiredSessions();
  readonly #news: IndexUpdates;
  readonly #index: string[];

  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
    /** Told of a session that has subscribed to something a day ago, and still lives. */
    private readonly onRenew: (id: SessionId) => void,
    private readonly leftovers: Leftovers,
  ) {
    this.#index = [keys.index('use'), keys.index('exp'), keys.index('held'), keys.index('seq'), keys.index('large')];
    this.#news = new IndexUpdates(commands, this.#index);
  }

  /**
   * The record is stored before it has its place in the index: where there is no room for it, no other session makes any.
   * Its id is known to no client yet, and without a place it expires by itself.
   */
  async create(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<CreateOutcome> {
    const { id, owner, holder = '', lists, logLevel = '', ...rest } = record;
    const args = [JSON.stringify(rest), owner, JSON.stringify(lists), logLevel, String(expiresAt), holder];
    try {
      await this.commands.run(scripts.CREATE, this.#own(id), args);
      const evicted = await this.#enter(record, expiresAt, limits);
      if (evicted !== undefined) return { created: true, evicted };
    } catch (cause) {
      this.leftovers.add(() => this.delete(id));
      throw cause;
    }
    await this.#forget(id);
    return { created: false };
  }

  async touch(id: SessionId, owner: string, expiresAt: number): Promise<SessionRecord | undefined> {
    const stored = await this.commands.run(scripts.TOUCH, this.#own(id), [owner, String(expiresAt)]);
    if (!stored) return undefined;
    const record = recordOf(id, stored as Stored);
    this.#news.used(id, this.#holderKey(holderOf(record)), expiresAt);
    if ((stored as Stored)[5] === 1) this.onRenew(id);
    return record;
  }

  async read(id: SessionId): Promise<SessionRecord | undefined> {
    const stored = await this.commands.run(scripts.READ, [this.keys.session(id)], []);
    return stored ? recordOf(id, stored as Stored) : undefined;
  }

  async setLogLevel(id: SessionId, level: string): Promise<boolean> {
    return typeof (await this.#swap(id, 'v', level)) === 'string';
  }

  async swapLists(id: SessionId, lists: SessionRecord['lists']): Promise<SessionRecord['lists'] | undefined> {
    const before = await this.#swap(id, 'l', JSON.stringify(lists));
    return typeof before === 'string' ? (JSON.parse(before) as SessionRecord['lists']) : undefined;
  }

  async hold(id: SessionId, until: number): Promise<void> {
    const held = (await this.commands.run(scripts.HOLD, this.#own(id), [String(until)])) as [string, number] | null;
    if (held === null) return;
    const [holder, renew] = held;
    this.#tellIndex(index.HELD, [id, this.#holderKey(holder), String(until)]);
    if (renew === 1) this.onRenew(id);
  }

  async release(id: SessionId, expiresAt: number): Promise<void> {
    const owner = await this.commands.run(scripts.RELEASE, this.#own(id), [String(expiresAt)]);
    if (typeof owner === 'string') this.#tellIndex(index.RELEASED, [id, String(expiresAt)]);
  }

  async delete(id: SessionId): Promise<boolean> {
    const holder = await this.commands.run(scripts.DELETE, [this.keys.session(id)], []);
    const leave = (): Promise<unknown> =>
      this.#askIndex(index.LEFT, [id, typeof holder === 'string' ? this.#holderKey(holder) : '']);
    // It is deleted: the place it had is not worth a failure, after which its streams would stay.
    await leave().catch(() => this.leftovers.add(leave));
    return typeof holder === 'string';
  }

  async count(): Promise<number> {
    for (;;) {
      const [expired, count] = (await this.#askIndex(index.COUNT, [])) as [SessionId[], number];
      this.#expired.add(expired);
      if (expired.length < index.EXPIRED_STEP) return count;
    }
  }

  async takeExpired(): Promise<readonly SessionId[]> {
    await this.count();
    const found = this.#expired.take();
    const gone: SessionId[] = [];
    for (let start = 0; start < found.length; start += READ_AT_ONCE) {
      const ids = found.slice(start, start + READ_AT_ONCE);
      // The index is told behind: one that was used in the last moment may be missing there, and be alive.
      const read = await Promise.allSettled(ids.map((id) => this.read(id)));
      gone.push(...ids.filter((_id, i) => read[i]?.status === 'fulfilled' && read[i].value === undefined));
      this.#expired.add(ids.filter((_id, i) => read[i]?.status === 'rejected'));
    }
    return gone;
  }

  /** Those who made room, or nothing when there is none. */
  async #enter(record: SessionRecord, expiresAt: number, limits: SessionLimits): Promise<SessionId[] | undefined> {
    const { total, perOwner, isBusy } = limits;
    const holder = this.#holderKey(holderOf(record));
    const asked = [record.id, holder, ...[expiresAt, total, perOwner, largeHolderSize(total)].map(String)];
    const evicted: SessionId[] = [];
    let victim = '';
    for (let tries = 0; tries < MAX_TRIES; ) {
      const reply = await this.#askIndex(index.ENTER, [...asked, victim]).catch((cause: unknown) => {
        if (victim !== '') this.leftovers.add(() => this.#placeAgain(victim));
        throw cause;
      });
      const [gone, entered, candidates, expired, again] = reply as [number, number, SessionId[], SessionId[], number];
      this.#expired.add(expired);
      if (gone === 1) {
        evicted.push(victim);
        await this.#forget(victim);
      }
      if (entered === 1) return evicted;
      if (again === 1) {
        victim = '';
        continue;
      }
      tries += 1;
      victim = candidates.find((candidate) => isBusy?.(candidate) !== true) ?? '';
      if (victim === '') return undefined;
    }
    return undefined;
  }

  /** Of a session that may have lost its place to one that was not created: the place is its own again. */
  async #placeAgain(id: SessionId): Promise<void> {
    const life = await this.commands.run(scripts.LIFE, [this.keys.session(id)], []);
    if (!life) return;
    const [holder, until] = life as [string, string];
    await this.#askIndex(index.PLACED, [id, this.#holderKey(holder), until]);
  }

  /** Deletes the record of a session that has no place any more, now or as soon as Redis is back. */
  async #forget(id: SessionId): Promise<void> {
    const forget = (): Promise<unknown> => this.commands.run(scripts.DELETE, [this.keys.session(id)], []);
    await forget().catch(() => this.leftovers.add(forget));
  }

  async #swap(id: SessionId, field: string, value: string): Promise<unknown> {
    return this.commands.run(scripts.SWAP, [this.keys.session(id)], [field, value]);
  }

  /** Nobody waits for it. An index that was not told takes the session for idle longer than it was. */
  #tellIndex(script: Script, args: readonly string[]): void {
    this.#askIndex(script, args).catch(() => {});
  }

  #askIndex(script: Script, args: readonly string[]): Promise<unknown> {
    this.#news.flush();
    return this.commands.run(script, this.#index, args);
  }

  #own(id: SessionId): string[] {
    return [this.keys.session(id), this.keys.streams(id), this.keys.events(id, '')];
  }

  #holderKey(holder: string): string {
    return holder === '' ? '' : this.keys.ownerIndex(holder);
  }
}

function recordOf(id: SessionId, [rest, owner, lists, logLevel, holder]: Stored): SessionRecord {
  return {
    id,
    owner,
    ...(holder === null || holder === '' ? {} : { holder }),
    ...(JSON.parse(rest) as Omit<SessionRecord, 'id' | 'owner' | 'holder' | 'lists' | 'logLevel'>),
    lists: JSON.parse(lists) as SessionRecord['lists'],
    ...(logLevel === null || logLevel === '' ? {} : { logLevel }),
  };
}
