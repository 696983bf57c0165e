/** A record that is counted. */
interface Held {
  readonly owner: string;
  readonly holder?: string;
}

/** Whom a record is counted for; the empty string: it is counted in all only. */
export function holderOf({ owner, holder = owner }: Held): string {
  return holder;
}

/** A holder of more than this part of all places makes room before others do. */
const LARGE_PART = 1 / 100;

/**
 * More places than this make a holder large. Below it, the difference between holders says nothing, and the session
 * idle longest makes room.
 */
export function largeFrom(total: number): number {
  return Math.max(1, Math.floor(total * LARGE_PART));
}
