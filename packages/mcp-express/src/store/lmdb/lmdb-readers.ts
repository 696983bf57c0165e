import type { Opened } from './opened.js';
import { isDone, type Row } from './shelf.js';
import type { Head, StreamName } from './tables.js';

/** Which streams have readers: those of this process are known to it, those of others are written in the file. */
export class LmdbReaders {
  constructor(private readonly opened: Opened) {}

  isAttached({ name, head }: Row): boolean {
    const { journal } = this.opened;
    return journal.isWatched(name) || (head.reader !== undefined && head.reader !== journal.process);
  }

  watch(name: StreamName, wake: () => void, lookMs: number): () => void {
    const { journal } = this.opened;
    const stop = journal.watch(name, wake, lookMs);
    void this.#change(name, (head) => {
      if (head.reader === journal.process || !journal.isWatched(name)) return false;
      head.reader = journal.process;
      return true;
    });
    return () => {
      stop();
      void this.#change(name, (head) => {
        if (head.reader !== journal.process || isDone(head) || journal.isWatched(name)) return false;
        delete head.reader;
        return true;
      });
    };
  }

  /** Nothing is written where nothing changes. Where it fails, a writer of another process waits in vain, once. */
  async #change(name: StreamName, change: (head: Head) => boolean): Promise<void> {
    const { tables } = this.opened;
    const look = (): Head | undefined => tables.streams.get([...name]);
    try {
      const isNews = await this.opened.read(() => {
        const head = look();
        return head !== undefined && change(head);
      });
      if (!isNews) return;
      await this.opened.write(() => {
        const head = look();
        if (head !== undefined && change(head)) void tables.streams.put([...name], head);
      });
    } catch {
      // The store is away, or closed.
    }
  }
}
