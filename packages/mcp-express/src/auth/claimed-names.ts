import { McpError } from '../protocol/errors.js';

/**
 * Takes a name until it expires. Resolves to true for exactly one caller.
 *
 * The `claims` of a store have this shape: with `(name, expiresAt) => store.claims.claim(name, expiresAt)` all nodes share
 * the names. `expiresAt` is in milliseconds since 1970.
 */
export type ClaimName = (name: string, expiresAt: number) => Promise<boolean>;

/** The default limit of names, about 20 MB. */
export const MAX_NAMES = 100_000;

const SLOT_MS = 1000;

/** Names taken in this process. */
export class ClaimedNames {
  readonly #names = new Set<string>();
  /** Names by the second in which they expire, so that removing them scans no others. */
  readonly #slots = new Map<number, string[]>();
  #forgottenAt = 0;

  constructor(
    private readonly now: () => number,
    private readonly max = MAX_NAMES,
  ) {}

  /** Names in memory. */
  get size(): number {
    return this.#names.size;
  }

  /** @throws McpError `store-unavailable` when it is full: dropping a name early would accept its proof twice. */
  readonly claim: ClaimName = async (name, expiresAt) => {
    this.#forgetExpired();
    if (this.#names.has(name)) return false;
    if (this.#names.size >= this.max) throw new McpError('store-unavailable', 'Too many DPoP proofs at this time');
    this.#names.add(name);
    const slot = Math.floor(expiresAt / SLOT_MS);
    const names = this.#slots.get(slot);
    if (names === undefined) this.#slots.set(slot, [name]);
    else names.push(name);
    return true;
  };

  #forgetExpired(): void {
    const slot = Math.floor(this.now() / SLOT_MS);
    if (slot === this.#forgottenAt) return;
    this.#forgottenAt = slot;
    for (const [expired, names] of this.#slots) {
      if (expired >= slot) continue;
      for (const name of names) this.#names.delete(name);
      this.#slots.delete(expired);
    }
  }
}
