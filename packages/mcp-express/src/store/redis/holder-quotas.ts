import { EvictionBackoff } from '../eviction.js';
import type { SessionId } from '../store.js';
import { LOW_WATER } from '../stream-limits.js';

/** A session that nothing was written to for so long is forgotten. Milliseconds. */
const KEPT_MS = 60 * 60_000;

interface Entry {
  readonly holder: Holder;
  /** What it held when it was last written to from here, and what is on its way there. */
  bytes: number;
  pending: number;
  at: number;
  /** When the command was sent that said what it holds. */
  turn: number;
}

/** An append on its way. */
export interface InFlightAppend {
  /** What the other sessions of its holder hold. */
  readonly others: number;
  readonly need: number;
  readonly turn: number;
}

interface Holder {
  readonly name: string;
  readonly sessions: Set<SessionId>;
  bytes: number;
}

/** What a session is to hold at most, so that others of its holder have room. */
export interface ShrinkRequest {
  readonly session: SessionId;
  readonly most: number;
}

/** What may go: what was delivered; what no attached reader waits for; all. */
export type Evictable = 'delivered' | 'detached' | 'all';

/** Asks a session to give, and comes to what it holds then. */
export type Shrink = (giving: ShrinkRequest, going: Evictable) => Promise<number>;

/**
 * What the sessions of each holder hold together, as this node knows it: each append answers what its session holds, so
 * that counting needs no command of its own, and what is on its way is counted before it arrives. What other nodes write to
 * the same sessions is seen at the next append from here; what they write to other sessions of the holder is not: with
 * several nodes a holder may have its share on each.
 */
export class HolderQuotas {
  /** In order of use. */
  readonly #sessions = new Map<SessionId, Entry>();
  readonly #holders = new Map<string, Holder>();
  readonly #backoff = new EvictionBackoff();
  /** Of the last command that was sent. */
  #turn = 0;

  /** @param share what the sessions of one holder may hold together. */
  constructor(
    readonly share: number,
    private readonly ask: Shrink,
  ) {}

  /** Counts the streams of a session for this holder, unless they are counted for one. */
  join(session: SessionId, name: string): void {
    if (name === '' || this.#sessions.has(session)) return;
    const holder = this.#holders.get(name) ?? { name, sessions: new Set(), bytes: 0 };
    this.#holders.set(name, holder);
    holder.sessions.add(session);
    this.#sessions.set(session, { holder, bytes: 0, pending: 0, at: Date.now(), turn: 0 });
    this.#forgetOld();
  }

  /** Makes room for so many bytes; nothing where no other session of the same holder need give any. */
  makeRoom(session: SessionId, need: number, force: boolean): Promise<void> | undefined {
    const holder = this.#sessions.get(session)?.holder;
    if (holder === undefined || holder.bytes + need <= this.share) return undefined;
    if (!force && this.#backoff.isActive(holder.name)) return undefined;
    return this.#makeRoom(holder, need, force);
  }

  /** One of the readers of this session has read. */
  onRead(session: SessionId): void {
    const holder = this.#sessions.get(session)?.holder;
    if (holder !== undefined) this.#backoff.clear(holder.name);
  }

  async #makeRoom(holder: Holder, need: number, force: boolean): Promise<void> {
    await this.#shrink(holder, need, 'delivered');
    if (holder.bytes + need > this.share) await this.#shrink(holder, need, 'detached');
    if (force && holder.bytes + need > this.share) await this.#shrink(holder, need, 'all');
    if (holder.bytes + need > this.share) this.#backoff.start(holder.name);
  }

  /** To be called in the moment it is sent, and followed by `end`. */
  begin(session: SessionId, need: number): InFlightAppend {
    const entry = this.#sessions.get(session);
    this.#turn += 1;
    if (entry === undefined) return { others: 0, need, turn: this.#turn };
    const others = entry.holder.bytes - entry.bytes - entry.pending;
    entry.pending += need;
    entry.holder.bytes += need;
    this.#sessions.delete(session);
    entry.at = Date.now();
    this.#sessions.set(session, entry);
    return { others, need, turn: this.#turn };
  }

  /** @param bytes what the session holds now; absent where that is not known: then all of it may have arrived. */
  end(session: SessionId, { need, turn }: InFlightAppend, bytes: number | undefined): void {
    const entry = this.#sessions.get(session);
    if (entry === undefined) return;
    entry.pending -= need;
    entry.holder.bytes -= need;
    if (bytes === undefined) this.#set(entry, entry.bytes + need, turn);
    else this.#set(entry, bytes, turn);
  }

  /** The session is no more. */
  leave(session: SessionId): void {
    const entry = this.#sessions.get(session);
    if (entry === undefined) return;
    const { holder } = entry;
    this.#sessions.delete(session);
    holder.bytes -= entry.bytes + entry.pending;
    holder.sessions.delete(session);
    if (holder.sessions.size === 0) this.#holders.delete(holder.name);
  }

  /** The largest sessions give first, and no more of them than it takes, in one round if they have what may go. */
  async #shrink(holder: Holder, need: number, going: Evictable): Promise<void> {
    const bytesOf = (session: SessionId): number => this.#sessions.get(session)?.bytes ?? 0;
    const left = [...holder.sessions].filter((session) => bytesOf(session) > 0);
    left.sort((a, b) => bytesOf(b) - bytesOf(a));
    while (left.length > 0) {
      const asked: ShrinkRequest[] = [];
      let excess = holder.bytes + need - this.share * LOW_WATER;
      for (; excess > 0 && left.length > 0; left.shift()) {
        const session = left[0] as SessionId;
        asked.push({ session, most: Math.max(0, Math.floor(bytesOf(session) - excess)) });
        excess -= bytesOf(session);
      }
      if (asked.length === 0) return;
      await Promise.all(asked.map((giving) => this.#give(giving, going)));
    }
  }

  async #give(giving: ShrinkRequest, going: Evictable): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const left = await this.ask(giving, going);
    const entry = this.#sessions.get(giving.session);
    if (entry !== undefined) this.#set(entry, left, turn);
  }

  /** What was said earlier may be heard later. */
  #set(entry: Entry, bytes: number, turn: number): void {
    if (turn < entry.turn) return;
    entry.turn = turn;
    entry.holder.bytes += bytes - entry.bytes;
    entry.bytes = bytes;
  }

  #forgetOld(): void {
    const before = Date.now() - KEPT_MS;
    for (const [session, { at }] of this.#sessions) {
      if (at > before) return;
      this.leave(session);
    }
  }
}
