/**
 * The share of one holder, which depends on the free entries as with dynamic thresholds of shared buffers (Choudhury and
 * Hahne, 1998): a single holder gets a sixth of the total. It falls with the square of the free entries, so that hundreds
 * of greedy holders, one after the other, leave room for the next.
 */
function shareOf(free: number, max: number): number {
  return Math.floor((free * free) / (4 * max));
}

const SLOT_MS = 1000;

interface Holder {
  count: number;
  readonly name: string;
}

/** Limits how much of a shared memory each holder uses. Entries are released when they expire. */
export class ClaimShares {
  readonly #holders = new Map<string, Holder>();
  /** The entries that expire in each second, by holder. */
  readonly #slots = new Map<number, Map<Holder, number>>();
  /** Entries in use, each counted once for all its holders. */
  #total = 0;
  readonly #totals = new Map<number, number>();
  #forgottenAt = 0;

  constructor(
    /** The current time in milliseconds since 1970. */
    private readonly now: () => number,
    private readonly max: number,
  ) {}

  /** Entries in use. */
  get size(): number {
    return this.#total;
  }

  /**
   * Takes an entry for all these holders until it expires.
   *
   * @param expiresAt milliseconds since 1970.
   * @returns false if one of the holders has reached its share.
   */
  take(names: readonly string[], expiresAt: number): boolean {
    this.#forgetExpired();
    const share = shareOf(this.max - this.#total, this.max);
    if (names.some((name) => (this.#holders.get(name)?.count ?? 0) >= share)) return false;
    const slot = Math.floor(expiresAt / SLOT_MS);
    const places = this.#slots.get(slot) ?? new Map<Holder, number>();
    this.#slots.set(slot, places);
    for (const name of names) {
      const holder = this.#holders.get(name) ?? { name, count: 0 };
      this.#holders.set(name, holder);
      holder.count += 1;
      places.set(holder, (places.get(holder) ?? 0) + 1);
    }
    this.#total += 1;
    this.#totals.set(slot, (this.#totals.get(slot) ?? 0) + 1);
    return true;
  }

  #forgetExpired(): void {
    const now = Math.floor(this.now() / SLOT_MS);
    if (now === this.#forgottenAt) return;
    this.#forgottenAt = now;
    for (const [slot, places] of this.#slots) {
      if (slot >= now) continue;
      for (const [holder, count] of places) {
        holder.count -= count;
        if (holder.count === 0) this.#holders.delete(holder.name);
      }
      this.#total -= this.#totals.get(slot) ?? 0;
      this.#totals.delete(slot);
      this.#slots.delete(slot);
    }
  }
}
