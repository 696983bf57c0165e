import {
  EvictionBackoff,
  evictFromAll,
  makeRoom,
  type Need,
  outcomeWithoutRoom,
  type RoomOptions,
  type RoomOutcome,
} from '../eviction.js';
import { holderQuota, LOW_WATER, largeHolderBytes, type StreamLimits } from '../stream-limits.js';
import type { SessionStreams } from './session-streams.js';
import type { HolderSum, StreamSums } from './stream-sums.js';

type How = Pick<RoomOptions, 'attached' | 'force'>;

/** Makes room for events about to be appended: in their session, among the sessions of their holder, and among all. */
export class MemoryEviction {
  readonly #quota: number;
  readonly #large: number;
  readonly #backoff = new EvictionBackoff();

  constructor(
    private readonly limits: StreamLimits,
    private readonly sums: StreamSums,
    private readonly all: () => Iterable<SessionStreams>,
  ) {
    this.#quota = holderQuota(limits);
    this.#large = largeHolderBytes(limits);
  }

  /** A reader of this session has read. */
  onRead(streams: SessionStreams | undefined): void {
    if (streams?.holder !== undefined) this.#backoff.clear(streams.holder.holder);
  }

  /** Makes room for an append, if it can. */
  make(streams: SessionStreams, need: Need, how: How): RoomOutcome {
    const { holder } = streams;
    // A session above its own limits must leave room for the others.
    const tight = this.sums.bytes > this.limits.totalBytes / 2;
    const room = streams.exceeds(need, 1) ? makeRoom(streams, need, { ...how, tight }) : 'enough';
    if (room !== 'enough') return room;
    if (holder !== undefined && holder.bytes + need.bytes > this.#quota && !this.#makeInQuota(holder, need, how)) {
      return outcomeWithoutRoom(need, how.force);
    }
    if (this.sums.bytes + need.bytes <= this.limits.totalBytes) return 'enough';
    this.#makeTotal(need, holder);
    return this.sums.bytes + need.bytes <= this.limits.totalBytes ? 'enough' : outcomeWithoutRoom(need, how.force);
  }

  /** Makes room within the quota of a holder. False when there is none. */
  #makeInQuota(holder: HolderSum, { bytes }: Need, { attached, force }: How): boolean {
    const isOver = (): boolean => holder.bytes + bytes > this.#quota;
    if (force || !this.#backoff.isActive(holder.holder)) {
      const sessions = [...holder.sessions];
      evictFromAll(sessions, () => holder.bytes + bytes > this.#quota * LOW_WATER, false);
      if (force && isOver()) evictFromAll(sessions.sort(largestFirst), isOver, true);
    }
    if (!isOver()) return true;
    // A single event larger than the quota is accepted if the stream has a reader and the holder has little else.
    if (attached && holder.bytes <= this.limits.bytes) return true;
    this.#backoff.start(holder.holder);
    return false;
  }

  /**
   * Makes room among all sessions: in those of large holders first, then in the order of opening. Events that attached
   * readers have not read are dropped for large holders only.
   */
  #makeTotal({ bytes }: Need, appending: HolderSum | undefined): void {
    const { sums } = this;
    const { totalBytes } = this.limits;
    const isOver = (): boolean => sums.bytes + bytes > totalBytes;
    const isHigh = (): boolean => sums.bytes + bytes > totalBytes * LOW_WATER;
    const large = sums.largerThan(this.#large);
    for (const holder of large) {
      evictFromAll([...holder.sessions], () => isHigh() && holder.bytes > this.#large, false);
    }
    if (isHigh()) evictFromAll([...this.all()], isHigh, false);
    for (const holder of large) {
      if (!isOver()) return;
      const sessions = [...holder.sessions].sort(largestFirst);
      if (holder !== appending) evictFromAll(sessions, () => isOver() && holder.bytes > this.#large, true);
    }
  }
}

function largestFirst(a: SessionStreams, b: SessionStreams): number {
  return b.bytes - a.bytes;
}
