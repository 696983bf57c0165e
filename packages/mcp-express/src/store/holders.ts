/** A record that counts against a quota. */
interface Held {
  readonly owner: string;
  readonly holder?: string;
}

/** The quota holder of a record. Records of the empty holder count only against the limit of all. */
export function holderOf({ owner, holder = owner }: Held): string {
  return holder;
}

/** A holder with more than this part of the limit of all sessions is evicted from before others. */
const LARGE_PART = 1 / 100;

/**
 * The number of sessions above which a holder is large. Among smaller holders the difference means little, and the
 * session that is idle longest is evicted, of any holder.
 *
 * @param total the limit of all sessions.
 */
export function largeFrom(total: number): number {
  return Math.max(1, Math.floor(total * LARGE_PART));
}

/**
 * What is added to the place of a session in the order of eviction once it was used after `initialize`: all that never were
 * come before it. More than a store ever counts, and a sum that a double still holds exactly.
 */
export const USED = 2 ** 50;
