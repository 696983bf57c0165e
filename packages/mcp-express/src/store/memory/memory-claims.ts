import type { ClaimStore } from '../store.js';

/** Claims in a map by name. */
export class MemoryClaims implements ClaimStore {
  readonly #claims = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  async claim(name: string, expiresAt: number): Promise<boolean> {
    const taken = this.#claims.get(name);
    if (taken !== undefined && taken > this.now()) return false;
    this.#claims.set(name, expiresAt);
    return true;
  }

  /** Removes expired claims. */
  sweep(): void {
    const now = this.now();
    for (const [name, expiresAt] of this.#claims) if (expiresAt <= now) this.#claims.delete(name);
  }
}
