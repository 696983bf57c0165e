import { EvictionBackoff } from '../eviction.js';
import type { SessionId } from '../store.js';
import { LOW_WATER } from '../stream-limits.js';

/** A session is forgotten this long after the last write to it. Milliseconds. */
const KEPT_MS = 60 * 60_000;

interface Entry {
  readonly holder: Holder;
  /** Bytes of its streams after the last answered command of this node. */
  bytes: number;
  /** Bytes of appends in flight. */
  pending: number;
  /** Time of the last append. */
  at: number;
  /** Sequence number of the command that reported `bytes`. */
  turn: number;
}

/** An append that was sent and is not answered yet. */
export interface InFlightAppend {
  /** Bytes that the other sessions of its holder hold. */
  readonly others: number;
  /** Bytes of the append. */
  readonly need: number;
  /** Sequence number of its command. */
  readonly turn: number;
}

interface Holder {
  readonly name: string;
  readonly sessions: Set<SessionId>;
  bytes: number;
}

/** A session that must give room to others of its holder, and the most bytes that it may keep. */
export interface ShrinkRequest {
  readonly session: SessionId;
  readonly most: number;
}

/** The events that may be dropped: delivered ones, those that no attached reader waits for, or all. */
export type Evictable = 'delivered' | 'detached' | 'all';

/** Shrinks the streams of a session. Resolves to the bytes that they hold afterwards. */
export type Shrink = (giving: ShrinkRequest, going: Evictable) => Promise<number>;

/**
 * The bytes that the sessions of each holder hold together, as far as this node knows. The answer to each append has the
 * bytes of its session, so that counting needs no command of its own; appends in flight count from the moment they are
 * sent. Writes of other nodes to the same sessions are seen at the next append of this node; their writes to other sessions
 * of the holder are not seen. With several nodes, a holder may therefore use its quota on each.
 */
export class HolderQuotas {
  /** In order of use, the one unused longest first. */
  readonly #sessions = new Map<SessionId, Entry>();
  readonly #holders = new Map<string, Holder>();
  readonly #backoff = new EvictionBackoff();
  /** Sequence number of the last command. */
  #turn = 0;

  /** @param share bytes that the sessions of one holder may hold together. */
  constructor(
    readonly share: number,
    private readonly ask: Shrink,
  ) {}

  /** Counts the streams of a session for this holder, unless they already count for one. */
  join(session: SessionId, name: string): void {
    if (name === '' || this.#sessions.has(session)) return;
    const holder = this.#holders.get(name) ?? { name, sessions: new Set(), bytes: 0 };
    this.#holders.set(name, holder);
    holder.sessions.add(session);
    this.#sessions.set(session, { holder, bytes: 0, pending: 0, at: Date.now(), turn: 0 });
    this.#forgetOld();
  }

  /**
   * Makes room for `need` bytes by shrinking sessions of the same holder.
   *
   * @returns `undefined` where there is room, or where a recent attempt found none and `force` is not set.
   */
  makeRoom(session: SessionId, need: number, force: boolean): Promise<void> | undefined {
    const holder = this.#sessions.get(session)?.holder;
    if (holder === undefined || holder.bytes + need <= this.share) return undefined;
    if (!force && this.#backoff.isActive(holder.name)) return undefined;
    return this.#makeRoom(holder, need, force);
  }

  /** Reports progress of a reader of this session: room may be found again. */
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

  /** Counts an append. Call it when the command is sent, and `end` when it has settled. */
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

  /** @param bytes of the session after the append; `undefined` where unknown: then all of the append counts as stored. */
  end(session: SessionId, { need, turn }: InFlightAppend, bytes: number | undefined): void {
    const entry = this.#sessions.get(session);
    if (entry === undefined) return;
    entry.pending -= need;
    entry.holder.bytes -= need;
    if (bytes === undefined) this.#set(entry, entry.bytes + need, turn);
    else this.#set(entry, bytes, turn);
  }

  /** Forgets a session that has ended. */
  leave(session: SessionId): void {
    const entry = this.#sessions.get(session);
    if (entry === undefined) return;
    const { holder } = entry;
    this.#sessions.delete(session);
    holder.bytes -= entry.bytes + entry.pending;
    holder.sessions.delete(session);
    if (holder.sessions.size === 0) this.#holders.delete(holder.name);
  }

  /** Shrinks the largest sessions first, as few as needed: in one round, unless they hold too few events that may be dropped. */
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

  /** Ignores the answer to an older command that arrives after that of a newer one. */
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
