import type { Bus } from '../store.js';

type Listener = (message: string) => void;

/** The bus of a single process. Subscribers receive a message before `publish` resolves. */
export class MemoryBus implements Bus {
  readonly #topics = new Map<string, Set<Listener>>();

  async publish(topic: string, message: string): Promise<void> {
    for (const listener of [...(this.#topics.get(topic) ?? [])]) listener(message);
  }

  subscribe(topic: string, listener: Listener): () => void {
    const listeners = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#topics.delete(topic);
    };
  }

  /** Removes all subscribers. */
  clear(): void {
    this.#topics.clear();
  }
}
