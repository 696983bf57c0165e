import type { Leases } from '../store.js';

export class MemoryLeases implements Leases {
  readonly #until = new Map<string, number>();

  constructor(private readonly now: () => number) {}

  async hold(node: string, until: number): Promise<void> {
    this.#until.set(node, until);
  }

  async isHeld(node: string): Promise<boolean> {
    return (this.#until.get(node) ?? 0) > this.now();
  }

  async release(node: string): Promise<void> {
    this.#until.delete(node);
  }

  sweep(): void {
    const now = this.now();
    for (const [node, until] of this.#until) if (until <= now) this.#until.delete(node);
  }
}
