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
export function largeHolderSize(total: number): number {
  return Math.max(1, Math.floor(total * LARGE_PART));
}

/**
 * Added to the sequence number of a session at each use after `initialize`, so that sessions that were never used come
 * before all others in the order of eviction. More than a store ever counts to, and still exact in a double when added.
 */
export const USED = 2 ** 50;
