import { CEILINGS, LOW_WATER } from './stream-limits.js';

/** The space that an append needs. */
export interface Need {
  readonly bytes: number;
  readonly events: number;
  /** One of the events is a response. */
  readonly answer: boolean;
}

/** After a failed eviction, the next attempt for the same holder waits this long. Milliseconds. */
const BACKOFF_MS = 50;

/** Number of holders remembered; the oldest entries are forgotten first. */
const MAX_BACKOFFS = 1_000;

/** Holders for which an eviction has just failed, so that not every append scans all of their streams. */
export class EvictionBackoff {
  readonly #until = new Map<string, number>();

  /** Records a failed eviction. */
  start(holder: string): void {
    this.#until.delete(holder);
    this.#until.set(holder, performance.now() + BACKOFF_MS);
    if (this.#until.size > MAX_BACKOFFS) this.#until.delete(this.#until.keys().next().value ?? '');
  }

  /** Forgets a failure, because a reader of the holder has read and there may be room now. */
  clear(holder: string): void {
    if (this.#until.size > 0) this.#until.delete(holder);
  }

  /** Whether an eviction for the holder failed within the last moment. */
  isActive(holder: string): boolean {
    return this.#until.size > 0 && (this.#until.get(holder) ?? 0) > performance.now();
  }
}

/** No further space: compares the held events alone with a limit. */
export const NO_NEED: Need = { bytes: 0, events: 0, answer: false };

/**
 * The streams of one session, as the eviction sees them. Each method goes through the streams in the order in which
 * they were opened.
 */
export interface EvictableStreams {
  /** Whether the held events and the needed space together exceed `factor` times the limits. */
  exceeds(need: Need, factor: number): boolean;
  /** Drops delivered events from the front of each stream, while `isHigh` returns true. */
  dropDelivered(isHigh: () => boolean): void;
  /**
   * Drops notifications from the front of each detached stream, while `isHigh` returns true.
   * @param attachedToo also from attached streams.
   */
  dropNotifications(isHigh: () => boolean, attachedToo: boolean): void;
  /**
   * Replaces undelivered responses of detached streams by their shorter form, while `isHigh` returns true.
   * @param attachedToo also of attached streams.
   */
  replaceResponses(isHigh: () => boolean, attachedToo: boolean): void;
  /** An attached stream has undelivered events, so that waiting for its reader may make room. */
  readonly isBeingRead: boolean;
}

/** The circumstances of an append, for `makeRoom`. */
export interface RoomOptions {
  /** The stream has a reader. */
  readonly attached: boolean;
  /** Also drop events that attached readers have not read, because the writer has waited for them in vain. */
  readonly force: boolean;
  /** All sessions together use so much space that this session must keep to its limits. */
  readonly tight: boolean;
}

/**
 * The outcome of making room.
 *
 * - `enough`: append the events.
 * - `replaced`: append the shorter form of the responses, and no notifications.
 * - `full`: there will be room when a reader has read.
 * - `none`: there will be no room.
 */
export type RoomOutcome = 'enough' | 'replaced' | 'full' | 'none';

/**
 * Makes room in a session for events about to be appended. The memory store and LMDB share it, so that both drop the
 * same events.
 */
export function makeRoom(held: EvictableStreams, need: Need, { attached, force, tight }: RoomOptions): RoomOutcome {
  if (!held.exceeds(need, 1)) return 'enough';
  const isHigh = (): boolean => held.exceeds(need, LOW_WATER);
  held.dropDelivered(isHigh);
  if (isHigh()) held.dropNotifications(isHigh, false);
  const ceiling = CEILINGS[need.answer ? 'answer' : 'notification'];
  const isOver = (): boolean => held.exceeds(need, tight ? 1 : ceiling);
  if (isOver()) held.replaceResponses(isOver, false);
  if (!isOver()) return 'enough';
  // A single event larger than the ceiling is accepted if the stream has a reader and holds nothing else.
  if (attached && !tight && !held.exceeds(NO_NEED, 1)) return 'enough';
  if (!force && held.isBeingRead) return 'full';
  if (force) {
    held.dropNotifications(isOver, true);
    if (isOver()) held.replaceResponses(isOver, true);
    if (!isOver()) return 'enough';
  }
  return need.answer ? 'replaced' : 'none';
}

/**
 * Makes room in several sessions, while `isHigh` returns true. No response is replaced while any session still has
 * notifications.
 *
 * @param attachedToo also drops events that attached readers have not read.
 */
export function evictFromAll(sessions: readonly EvictableStreams[], isHigh: () => boolean, attachedToo: boolean): void {
  for (const held of sessions) if (isHigh()) held.dropDelivered(isHigh);
  for (const held of sessions) if (isHigh()) held.dropNotifications(isHigh, attachedToo);
  for (const held of sessions) if (isHigh()) held.replaceResponses(isHigh, attachedToo);
}

/**
 * The outcome of an append for which several sessions together have no room: waiting may help, since readers of any of
 * them may make room.
 */
export function outcomeWithoutRoom({ answer }: Need, force: boolean): RoomOutcome {
  if (!force) return 'full';
  return answer ? 'replaced' : 'none';
}

interface Replaceable {
  readonly data: string;
  readonly answer?: boolean;
  readonly shortForm?: string;
}

/** The events to append for `replaced`: the responses only, in their shorter form where they have one. */
export function shortForms<E extends Replaceable>(events: readonly E[]): readonly E[] {
  return events
    .filter(({ answer }) => answer === true)
    .map((event) => (event.shortForm === undefined ? event : { ...event, data: event.shortForm, replaced: true }));
}
