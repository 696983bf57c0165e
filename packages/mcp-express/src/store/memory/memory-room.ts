import { makeRoom, type Need, type Room, type RoomOptions, shrinkAll, VainTries, withoutRoom } from '../room.js';
import { LOW_WATER, largeFrom, type StreamLimits, shareOf } from '../stream-limits.js';
import type { SessionStreams } from './session-streams.js';
import type { HolderSum, StreamSums } from './stream-sums.js';

type How = Pick<RoomOptions, 'attached' | 'force'>;

/** Makes room for events about to be appended: in their session, among the sessions of their holder, and among all. */
export class MemoryRoom {
  readonly #share: number;
  readonly #large: number;
  readonly #vain = new VainTries();

  constructor(
    private readonly limits: StreamLimits,
    private readonly sums: StreamSums,
    private readonly all: () => Iterable<SessionStreams>,
  ) {
    this.#share = shareOf(limits);
    this.#large = largeFrom(limits);
  }

  /** A reader of this session has read. */
  onRead(streams: SessionStreams | undefined): void {
    if (streams?.holder !== undefined) this.#vain.forget(streams.holder.holder);
  }

  /** Makes room for an append, if it can. */
  make(streams: SessionStreams, need: Need, how: How): Room {
    const { holder } = streams;
    // A session above its own limits must leave room for the others.
    const tight = this.sums.bytes > this.limits.totalBytes / 2;
    const room = streams.isOver(need, 1) ? makeRoom(streams, need, { ...how, tight }) : 'enough';
    if (room !== 'enough') return room;
    if (holder !== undefined && holder.bytes + need.bytes > this.#share && !this.#makeShare(holder, need, how)) {
      return withoutRoom(need, how.force);
    }
    if (this.sums.bytes + need.bytes <= this.limits.totalBytes) return 'enough';
    this.#makeTotal(need, holder);
    return this.sums.bytes + need.bytes <= this.limits.totalBytes ? 'enough' : withoutRoom(need, how.force);
  }

  /** Makes room within the quota of a holder. False when there is none. */
  #makeShare(holder: HolderSum, { bytes }: Need, { attached, force }: How): boolean {
    const isOver = (): boolean => holder.bytes + bytes > this.#share;
    if (force || !this.#vain.wasLately(holder.holder)) {
      const sessions = [...holder.sessions];
      shrinkAll(sessions, () => holder.bytes + bytes > this.#share * LOW_WATER, false);
      if (force && isOver()) shrinkAll(sessions.sort(largestFirst), isOver, true);
    }
    if (!isOver()) return true;
    // A single event larger than the quota is accepted if the stream has a reader and the holder has little else.
    if (attached && holder.bytes <= this.limits.bytes) return true;
    this.#vain.note(holder.holder);
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
      shrinkAll([...holder.sessions], () => isHigh() && holder.bytes > this.#large, false);
    }
    if (isHigh()) shrinkAll([...this.all()], isHigh, false);
    for (const holder of large) {
      if (!isOver()) return;
      const sessions = [...holder.sessions].sort(largestFirst);
      if (holder !== appending) shrinkAll(sessions, () => isOver() && holder.bytes > this.#large, true);
    }
  }
}

function largestFirst(a: SessionStreams, b: SessionStreams): number {
  return b.bytes - a.bytes;
}
