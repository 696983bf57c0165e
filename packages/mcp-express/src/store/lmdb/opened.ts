import { randomUUID } from 'node:crypto';
import type { RootDatabase } from 'lmdb';
import { ExpiredSessions } from '../expired-sessions.js';
import { FilePresence } from './file-presence.js';
import { Journal } from './journal.js';
import { openFile } from './open-file.js';
import { type Tables, tablesOf } from './tables.js';
import { type Step, Writes } from './writes.js';

/**
 * A file that is open in this process. Stores that were given the same path share it: LMDB wants it opened once, and who
 * watches in one hears at once what another writes.
 */
class Shared {
  users = 0;
  readonly tables: Tables;
  readonly writes: Writes;
  readonly journal: Journal;
  readonly expired = new ExpiredSessions();

  constructor(
    readonly path: string,
    readonly root: RootDatabase,
    readonly presence: FilePresence,
  ) {
    this.tables = tablesOf(root);
    this.journal = new Journal(root, this.tables, randomUUID());
    this.writes = new Writes(
      root,
      this.tables,
      (aftermath, totals) => this.journal.write(aftermath, totals),
      ({ woken, expired }) => {
        this.journal.wake(woken);
        this.expired.add(expired);
      },
    );
  }
}

const shared = new Map<string, Shared>();

/** What the parts of one store see of the file. Every method rejects once the store is closed. */
export class Opened {
  readonly #shared: Shared;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  /** @throws ConfigurationError when it cannot be opened. */
  constructor(
    path: string,
    private readonly timeoutMs: number,
  ) {
    const { real, data, open } = openFile(path);
    this.#shared = shared.get(real) ?? new Shared(real, open(), new FilePresence(data));
    this.#shared.users += 1;
    shared.set(real, this.#shared);
  }

  get tables(): Tables {
    return this.#shared.tables;
  }

  get journal(): Journal {
    return this.#shared.journal;
  }

  get expired(): ExpiredSessions {
    return this.#shared.expired;
  }

  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Reads what is committed. */
  async read<T>(look: () => T): Promise<T> {
    this.#assertOpen();
    try {
      return look();
    } catch (cause) {
      throw this.#failure('read', cause);
    }
  }

  /** Resolves once what `work` did is committed. */
  async write<T>(work: (step: Step) => T): Promise<T> {
    this.#assertOpen();
    const written = this.#shared.writes.run(work, this.timeoutMs);
    this.#running.add(written);
    try {
      return await written;
    } catch (cause) {
      if (cause instanceof Error && isOurs(cause)) throw cause;
      throw this.#failure('written', cause);
    } finally {
      this.#running.delete(written);
    }
  }

  /** Waits for what is being written, and closes the file with its last user. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#running]);
    const { path, journal, root } = this.#shared;
    this.#shared.users -= 1;
    if (this.#shared.users > 0) return;
    shared.delete(path);
    journal.close();
    // After a commit that failed LMDB would wait for it for ever. An empty one, which cannot fail, comes after it.
    await root.childTransaction(() => undefined).catch(() => {});
    await root.close();
  }

  #assertOpen(): void {
    if (this.isClosed) throw new Error(`the store at ${this.#shared.path} is closed`);
    this.#shared.presence.assert();
  }

  #failure(what: 'read' | 'written', cause: unknown): Error {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new Error(`the store at ${this.#shared.path} could not be ${what}: ${why}`, { cause });
  }
}

const ours = new WeakSet<Error>();

/** Marks an error as one of the contract, which is passed on as it is. */
export function ofContract<E extends Error>(error: E): E {
  ours.add(error);
  return error;
}

function isOurs(error: Error): boolean {
  return ours.has(error);
}
