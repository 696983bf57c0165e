import { CEILINGS, LOW_WATER } from './stream-limits.js';

/** The room that an append needs. */
export interface Need {
  readonly bytes: number;
  readonly events: number;
  /** One of the events is an answer. */
  readonly answer: boolean;
}

/** How long it is not tried again to make room for a holder where nothing could go. Milliseconds. */
const VAIN_MS = 50;

/** Holders remembered, before those that were noted first are forgotten. */
const MAX_VAIN = 1_000;

/** Holders for whom no room could be made in the last moment, so that not each append looks at all of their streams. */
export class VainTries {
  readonly #until = new Map<string, number>();

  note(holder: string): void {
    this.#until.delete(holder);
    this.#until.set(holder, performance.now() + VAIN_MS);
    if (this.#until.size > MAX_VAIN) this.#until.delete(this.#until.keys().next().value ?? '');
  }

  /** One of its readers has read: there may be room now. */
  forget(holder: string): void {
    if (this.#until.size > 0) this.#until.delete(holder);
  }

  wasLately(holder: string): boolean {
    return this.#until.size > 0 && (this.#until.get(holder) ?? 0) > performance.now();
  }
}

/** Room for nothing more: what is held by now. */
export const NO_NEED: Need = { bytes: 0, events: 0, answer: false };

/** The streams of one session, for the decision what makes room. Streams that were opened first give first. */
export interface Holdings {
  /** What is held and what is needed are together over this many times the limits. */
  isOver(need: Need, share: number): boolean;
  /** Drops delivered events from the front of each stream, while `isHigh`. */
  dropDelivered(isHigh: () => boolean): void;
  /** Drops notifications from the front of each stream without a reader, or of each stream, while `isHigh`. */
  dropNotifications(isHigh: () => boolean, attachedToo: boolean): void;
  /** Puts in place of answers that were not delivered what stands for them, while `isHigh`. */
  replaceAnswers(isHigh: () => boolean, attachedToo: boolean): void;
  /** A reader is attached to a stream that holds something it was not given yet, so that waiting may make room. */
  readonly isBeingRead: boolean;
}

export interface RoomOptions {
  /** The stream that is appended to has a reader. */
  readonly attached: boolean;
  /** Waiting was in vain: what attached readers have not read goes too. */
  readonly force: boolean;
  /** All sessions together hold so much that this one must keep to its limits. */
  readonly tight: boolean;
}

/**
 * `enough`: append. `replaced`: append what stands for the answers, without the notifications. `full`: there will be room
 * when a reader has read. `none`: there will not.
 */
export type Room = 'enough' | 'replaced' | 'full' | 'none';

/** Makes room in a session for what is about to be appended. Written once, so that all stores drop the same. */
export function makeRoom(held: Holdings, need: Need, { attached, force, tight }: RoomOptions): Room {
  if (!held.isOver(need, 1)) return 'enough';
  const isHigh = (): boolean => held.isOver(need, LOW_WATER);
  held.dropDelivered(isHigh);
  if (isHigh()) held.dropNotifications(isHigh, false);
  const ceiling = CEILINGS[need.answer ? 'answer' : 'notification'];
  const isOver = (): boolean => held.isOver(need, tight ? 1 : ceiling);
  if (isOver()) held.replaceAnswers(isOver, false);
  if (!isOver()) return 'enough';
  // An event that is larger than the ceiling goes through alone, to a reader that takes it.
  if (attached && !tight && !held.isOver(NO_NEED, 1)) return 'enough';
  if (!force && held.isBeingRead) return 'full';
  if (force) {
    held.dropNotifications(isOver, true);
    if (isOver()) held.replaceAnswers(isOver, true);
    if (!isOver()) return 'enough';
  }
  return need.answer ? 'replaced' : 'none';
}

/**
 * Makes room in several sessions, while `isHigh`: none gives an answer while another still has notifications.
 *
 * @param attachedToo what attached readers have not read goes too.
 */
export function shrinkAll(sessions: readonly Holdings[], isHigh: () => boolean, attachedToo: boolean): void {
  for (const held of sessions) if (isHigh()) held.dropDelivered(isHigh);
  for (const held of sessions) if (isHigh()) held.dropNotifications(isHigh, attachedToo);
  for (const held of sessions) if (isHigh()) held.replaceAnswers(isHigh, attachedToo);
}

/** What becomes of an append where several sessions together have no room, which readers of any of them may make. */
export function withoutRoom({ answer }: Need, force: boolean): Room {
  if (!force) return 'full';
  return answer ? 'replaced' : 'none';
}

interface Replaceable {
  readonly data: string;
  readonly answer?: boolean;
  readonly instead?: string;
}

/** What is appended of these events where there is no room for them: the answers, as what stands for them. */
export function replacedEvents<E extends Replaceable>(events: readonly E[]): readonly E[] {
  return events
    .filter(({ answer }) => answer === true)
    .map((event) => (event.instead === undefined ? event : { ...event, data: event.instead, replaced: true }));
}
