import type { RootDatabase } from 'lmdb';
import type { StreamName, Tables, Totals } from './tables.js';
import type { CommitEffects } from './write-queue.js';

/** Age up to which an entry is kept for other processes to read. Milliseconds. */
const KEPT_MS = 10_000;

/** Total length of messages above which older entries are removed earlier. Characters. */
const KEPT_LENGTH = 16 * 1024 * 1024;

/** Entries that one commit removes at most, so that no commit is slow because of earlier ones. */
const STEP = 20;

/**
 * Notifies readers of streams and subscribers of the bus: those of this process immediately, those of other processes
 * when they poll the table to which each commit with changes or messages adds an entry.
 */
export class ChangeFeed {
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  #timer: NodeJS.Timeout | undefined;
  #seen = 0;

  constructor(
    private readonly root: RootDatabase,
    private readonly tables: Tables,
    readonly process: string,
  ) {}

  /** Adds an entry to the running transaction, and removes old ones. */
  record({ changedStreams, messages }: CommitEffects, totals: Totals): void {
    if (changedStreams.length === 0 && messages.length === 0) return;
    const at = Date.now();
    totals.journal += 1;
    totals.journalLength = (totals.journalLength ?? 0) + lengthOf(messages);
    void this.tables.changes.put(totals.journal, { from: this.process, at, woken: changedStreams, said: messages });
    for (let i = 0; i < STEP && totals.journalFrom < totals.journal; i += 1) {
      const oldest = this.tables.changes.get(totals.journalFrom);
      // The absolute difference removes entries also after the clock was set back.
      const isRoom = totals.journalLength <= KEPT_LENGTH;
      if (oldest !== undefined && isRoom && Math.abs(at - oldest.at) < KEPT_MS) break;
      totals.journalLength = Math.max(0, totals.journalLength - lengthOf(oldest?.said ?? []));
      void this.tables.changes.remove(totals.journalFrom);
      totals.journalFrom += 1;
    }
  }

  /**
   * Calls `wake` for each change of a stream.
   * @param lookMs interval of the polls.
   * @returns a function that stops it.
   */
  watch(stream: StreamName, wake: () => void, lookMs: number): () => void {
    return this.#join(this.#watchers, stream.join(' '), wake, lookMs);
  }

  /** Whether a reader in this process watches the stream. */
  isWatched(stream: StreamName): boolean {
    return this.#watchers.has(stream.join(' '));
  }

  /**
   * Calls `listener` for each message of a topic.
   * @param lookMs interval of the polls.
   * @returns a function that stops it.
   */
  subscribe(topic: string, listener: (message: string) => void, lookMs: number): () => void {
    return this.#join(this.#listeners, topic, listener, lookMs);
  }

  /** Wakes the readers of these streams in this process. */
  wake(streams: readonly StreamName[]): void {
    for (const stream of streams) for (const wake of [...(this.#watchers.get(stream.join(' ')) ?? [])]) wake();
  }

  /** Delivers a message to the subscribers in this process. */
  deliver(topic: string, message: string): void {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(message);
  }

  /** Removes all readers and subscribers. */
  close(): void {
    clearInterval(this.#timer);
    this.#watchers.clear();
    this.#listeners.clear();
  }

  #join<T>(all: Map<string, Set<T>>, name: string, one: T, lookMs: number): () => void {
    const joined = all.get(name) ?? new Set();
    all.set(name, joined.add(one));
    if (this.#timer === undefined) {
      this.#seen = this.#newest();
      this.#timer = setInterval(() => this.#look(), lookMs).unref();
    }
    return () => {
      joined.delete(one);
      if (joined.size > 0 || all.get(name) !== joined) return;
      all.delete(name);
      if (this.#watchers.size > 0 || this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): void {
    try {
      const newest = this.#newest();
      const from = this.#seen + 1;
      this.#seen = newest;
      for (let number = from; number <= newest; number += 1) this.#hear(number);
    } catch {
      // Reads and writes report what is wrong with the file.
    }
  }

  #hear(number: number): void {
    const entry = this.tables.changes.get(number);
    // The entry was removed before it was read here: wake all readers, which then look for changes themselves.
    if (entry === undefined)
      for (const watchers of [...this.#watchers.values()]) for (const wake of [...watchers]) wake();
    if (entry === undefined || entry.from === this.process) return;
    this.wake(entry.woken);
    for (const [topic, message] of entry.said) this.deliver(topic, message);
  }

  #newest(): number {
    this.root.resetReadTxn();
    return (this.tables.about.get('totals') as Totals | undefined)?.journal ?? 0;
  }
}

function lengthOf(said: CommitEffects['messages']): number {
  return said.reduce((sum, [, message]) => sum + message.length, 0);
}
