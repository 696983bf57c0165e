import type { Values } from '../store.js';

/** Values in a map by name. */
export class MemoryValues implements Values {
  readonly #values = new Map<string, string>();

  async agree(name: string, value: string): Promise<string> {
    const agreed = this.#values.get(name) ?? value;
    this.#values.set(name, agreed);
    return agreed;
  }
}
