import type { RootDatabase } from 'lmdb';
import type { StreamName, Tables, Totals } from './tables.js';
import type { Aftermath } from './writes.js';

/** An entry is kept this long for processes that look. Milliseconds. */
const KEPT_MS = 10_000;

/** Unless the messages in all of them are longer together. */
const KEPT_LENGTH = 16 * 1024 * 1024;

/** Entries that one commit takes away at most, so that none is slow for those before it. */
const STEP = 20;

/**
 * How those who watch or listen hear of changes: in this process at once, and by others when they look into the journal,
 * which each commit that changes a stream or says something adds an entry to.
 */
export class Journal {
  readonly #watchers = new Map<string, Set<() => void>>();
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  #timer: NodeJS.Timeout | undefined;
  #seen = 0;

  constructor(
    private readonly root: RootDatabase,
    private readonly tables: Tables,
    readonly process: string,
  ) {}

  /** Adds an entry to the transaction that is going on, and takes old ones away. */
  write({ woken, said }: Aftermath, totals: Totals): void {
    if (woken.length === 0 && said.length === 0) return;
    const at = Date.now();
    totals.journal += 1;
    totals.journalLength = (totals.journalLength ?? 0) + lengthOf(said);
    void this.tables.journal.put(totals.journal, { from: this.process, at, woken, said });
    for (let i = 0; i < STEP && totals.journalFrom < totals.journal; i += 1) {
      const oldest = this.tables.journal.get(totals.journalFrom);
      // A clock that was set back must not keep them for ever.
      const isRoom = totals.journalLength <= KEPT_LENGTH;
      if (oldest !== undefined && isRoom && Math.abs(at - oldest.at) < KEPT_MS) break;
      totals.journalLength = Math.max(0, totals.journalLength - lengthOf(oldest?.said ?? []));
      void this.tables.journal.remove(totals.journalFrom);
      totals.journalFrom += 1;
    }
  }

  watch(stream: StreamName, wake: () => void, lookMs: number): () => void {
    return this.#join(this.#watchers, stream.join(' '), wake, lookMs);
  }

  /** Somebody in this process watches the stream. */
  isWatched(stream: StreamName): boolean {
    return this.#watchers.has(stream.join(' '));
  }

  listen(topic: string, listener: (message: string) => void, lookMs: number): () => void {
    return this.#join(this.#listeners, topic, listener, lookMs);
  }

  wake(streams: readonly StreamName[]): void {
    for (const stream of streams) for (const wake of [...(this.#watchers.get(stream.join(' ')) ?? [])]) wake();
  }

  say(topic: string, message: string): void {
    for (const listener of [...(this.#listeners.get(topic) ?? [])]) listener(message);
  }

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
      // What is wrong with the file is told to those who read and write it.
    }
  }

  #hear(number: number): void {
    const entry = this.tables.journal.get(number);
    // Nobody knows any more what this was about: everybody is woken, and sees for himself.
    if (entry === undefined)
      for (const watchers of [...this.#watchers.values()]) for (const wake of [...watchers]) wake();
    if (entry === undefined || entry.from === this.process) return;
    this.wake(entry.woken);
    for (const [topic, message] of entry.said) this.say(topic, message);
  }

  #newest(): number {
    this.root.resetReadTxn();
    return (this.tables.about.get('totals') as Totals | undefined)?.journal ?? 0;
  }
}

function lengthOf(said: Aftermath['said']): number {
  return said.reduce((sum, [, message]) => sum + message.length, 0);
}
