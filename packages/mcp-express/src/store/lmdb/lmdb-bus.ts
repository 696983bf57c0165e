import type { Bus } from '../store.js';
import type { StoreFile } from './store-file.js';

/**
 * Delivers messages within this process immediately, even if the file cannot be written, and to other processes when
 * they poll.
 */
export class LmdbBus implements Bus {
  constructor(
    private readonly file: StoreFile,
    private readonly lookMs: number,
  ) {}

  async publish(topic: string, message: string): Promise<void> {
    if (!this.file.isClosed) this.file.changes.deliver(topic, message);
    await this.file.write((tx) => tx.publish(topic, message));
  }

  subscribe(topic: string, listener: (message: string) => void): () => void {
    return this.file.changes.subscribe(topic, listener, this.lookMs);
  }
}
