import type { Versions } from '../store.js';

/** Version numbers in a map by name. */
export class MemoryVersions implements Versions {
  readonly #numbers = new Map<string, number>();

  async bump(name: string): Promise<void> {
    this.#numbers.set(name, (this.#numbers.get(name) ?? 0) + 1);
  }

  async read(names: readonly string[]): Promise<readonly number[]> {
    return names.map((name) => this.#numbers.get(name) ?? 0);
  }
}
