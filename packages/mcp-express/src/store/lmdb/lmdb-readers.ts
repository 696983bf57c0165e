import { isDone, type StreamRow } from './session-streams.js';
import type { StoreFile } from './store-file.js';
import type { Head, StreamName } from './tables.js';

/**
 * The streams with attached readers. Readers of this process are known in memory, those of other processes by a mark in
 * the file.
 */
export class LmdbReaders {
  constructor(private readonly file: StoreFile) {}

  /** Whether a reader of any process is attached. */
  isAttached({ name, head }: StreamRow): boolean {
    const { changes } = this.file;
    return changes.isWatched(name) || (head.reader !== undefined && head.reader !== changes.process);
  }

  /** Attaches a reader, and marks the stream in the file. @returns a function that detaches it. */
  watch(name: StreamName, wake: () => void, lookMs: number): () => void {
    const { changes } = this.file;
    const stop = changes.watch(name, wake, lookMs);
    void this.#change(name, (head) => {
      if (head.reader === changes.process || !changes.isWatched(name)) return false;
      head.reader = changes.process;
      return true;
    });
    return () => {
      stop();
      void this.#change(name, (head) => {
        if (head.reader !== changes.process || isDone(head) || changes.isWatched(name)) return false;
        delete head.reader;
        return true;
      });
    };
  }

  /** Writes only if the mark changes. If that fails, a writer of another process waits for a reader in vain, once. */
  async #change(name: StreamName, change: (head: Head) => boolean): Promise<void> {
    const { tables } = this.file;
    const look = (): Head | undefined => tables.streams.get([...name]);
    try {
      const isNews = await this.file.read(() => {
        const head = look();
        return head !== undefined && change(head);
      });
      if (!isNews) return;
      await this.file.write(() => {
        const head = look();
        if (head !== undefined && change(head)) void tables.streams.put([...name], head);
      });
    } catch {
      // The file is unavailable, or the store is closed.
    }
  }
}
