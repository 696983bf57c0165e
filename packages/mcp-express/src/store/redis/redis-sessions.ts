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

/** Most evictions for one new session: other new sessions may take the room that an eviction makes. */
const MAX_TRIES = 50;

/** Sessions read in parallel. */
const READ_AT_ONCE = 50;

/** Record, owner, lists, log level, holder, and 1 when the session must renew its subscriptions. */
type Stored = readonly [string, string, string, string | null, string | null, number?];

/**
 * Sessions as hashes that expire by themselves, and an index of all of them by last use. A request reads its session and
 * keeps it alive in one round trip; the index is updated afterwards, on the same connection.
 */
export class RedisSessions implements SessionStore {
  readonly #expired = new ExpiredSessions();
  readonly #news: IndexUpdates;
  readonly #index: string[];

  constructor(
    private readonly commands: Commands,
    private readonly keys: Keys,
    /** Called once a day with each live session that has subscriptions. */
    private readonly onRenew: (id: SessionId) => void,
    private readonly leftovers: Leftovers,
  ) {
    this.#index = [keys.index('use'), keys.index('exp'), keys.index('held'), keys.index('seq'), keys.index('large')];
    this.#news = new IndexUpdates(commands, this.#index);
  }

  /**
   * Stores the record before its entry in the index, so that no other session is evicted for a record that cannot be
   * stored. No client knows the id yet, and a record without an entry expires by itself.
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
    // The session is deleted. A stale entry in the index must not fail the call, which would leave its streams behind.
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

  async ids(): Promise<readonly SessionId[]> {
    return (await this.#askIndex(index.IDS, [])) as SessionId[];
  }

  async takeExpired(): Promise<readonly SessionId[]> {
    await this.count();
    const found = this.#expired.take();
    const gone: SessionId[] = [];
    for (let start = 0; start < found.length; start += READ_AT_ONCE) {
      const ids = found.slice(start, start + READ_AT_ONCE);
      // The index is updated after the requests: a session that was just used may have expired there and still live.
      const read = await Promise.allSettled(ids.map((id) => this.read(id)));
      gone.push(...ids.filter((_id, i) => read[i]?.status === 'fulfilled' && read[i].value === undefined));
      this.#expired.add(ids.filter((_id, i) => read[i]?.status === 'rejected'));
    }
    return gone;
  }

  /** Enters a session in the index. @returns the sessions that were evicted for it; `undefined` when there is no room. */
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

  /** Enters a session again that may have been evicted for one that was not created. */
  async #placeAgain(id: SessionId): Promise<void> {
    const life = await this.commands.run(scripts.LIFE, [this.keys.session(id)], []);
    if (!life) return;
    const [holder, until] = life as [string, string];
    await this.#askIndex(index.PLACED, [id, this.#holderKey(holder), until]);
  }

  /** Deletes the record of a session without an entry in the index, now or as soon as Redis is back. */
  async #forget(id: SessionId): Promise<void> {
    const forget = (): Promise<unknown> => this.commands.run(scripts.DELETE, [this.keys.session(id)], []);
    await forget().catch(() => this.leftovers.add(forget));
  }

  async #swap(id: SessionId, field: string, value: string): Promise<unknown> {
    return this.commands.run(scripts.SWAP, [this.keys.session(id)], [field, value]);
  }

  /** Updates the index without waiting for it. A session whose update is lost counts as idle for longer. */
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
