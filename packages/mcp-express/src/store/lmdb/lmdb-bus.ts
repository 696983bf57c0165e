import type { Bus } from '../store.js';
import type { Opened } from './opened.js';

/** Messages in this process at once, whether or not the disk is well; in others when they look. */
export class LmdbBus implements Bus {
  constructor(
    private readonly opened: Opened,
    private readonly lookMs: number,
  ) {}

  async publish(topic: string, message: string): Promise<void> {
    if (!this.opened.isClosed) this.opened.journal.say(topic, message);
    await this.opened.write((step) => step.say(topic, message));
  }

  subscribe(topic: string, listener: (message: string) => void): () => void {
    return this.opened.journal.listen(topic, listener, this.lookMs);
  }
}
