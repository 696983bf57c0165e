import { McpError } from '../protocol/errors.js';

/**
 * Takes a name until it expires, in milliseconds since 1970. Resolves to true for one caller alone.
 *
 * The `claims` of a store have this shape: `(name, expiresAt) => store.claims.claim(name, expiresAt)` makes it hold on
 * every node.
 */
export type ClaimName = (name: string, expiresAt: number) => Promise<boolean>;

/** About 20 MB of names at most. */
export const MAX_NAMES = 100_000;

const SLOT_MS = 1000;

/** Names taken in this process. */
export class ClaimedNames {
  readonly #names = new Set<string>();
  /** Which names expire in which second, so that forgetting them looks at nothing else. */
  readonly #slots = new Map<number, string[]>();
  #forgottenAt = 0;

  constructor(
    private readonly now: () => number,
    private readonly max = MAX_NAMES,
  ) {}

  get size(): number {
    return this.#names.size;
  }

  /** @throws McpError `store-unavailable` when it is full: to forget a name early would be to allow it twice. */
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
