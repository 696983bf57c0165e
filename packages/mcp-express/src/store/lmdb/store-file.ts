import { randomUUID } from 'node:crypto';
import type { RootDatabase } from 'lmdb';
import { ExpiredSessions } from '../expired-sessions.js';
import { ChangeFeed } from './change-feed.js';
import { FilePresence } from './file-presence.js';
import { openFile } from './open-file.js';
import { type Tables, tablesOf } from './tables.js';
import { type Transaction, WriteQueue } from './write-queue.js';

/**
 * A file that is open in this process. Stores with the same path share it: LMDB requires that a process opens a file
 * once, and sharing lets readers of one store see writes of another immediately.
 */
class SharedFile {
  users = 0;
  readonly tables: Tables;
  readonly writes: WriteQueue;
  readonly changes: ChangeFeed;
  readonly expired = new ExpiredSessions();

  constructor(
    readonly path: string,
    readonly root: RootDatabase,
    readonly presence: FilePresence,
  ) {
    this.tables = tablesOf(root);
    this.changes = new ChangeFeed(root, this.tables, randomUUID());
    this.writes = new WriteQueue(
      root,
      this.tables,
      (effects, totals) => this.changes.record(effects, totals),
      ({ changedStreams, expired }) => {
        this.changes.wake(changedStreams);
        this.expired.add(expired);
      },
    );
  }
}

const shared = new Map<string, SharedFile>();

/** Access of one store to its file. Every method rejects once the store is closed. */
export class StoreFile {
  readonly #shared: SharedFile;
  readonly #running = new Set<Promise<unknown>>();
  #closing: Promise<void> | undefined;

  /** @throws ConfigurationError when the file cannot be opened. */
  constructor(
    path: string,
    private readonly timeoutMs: number,
  ) {
    const { real, data, open } = openFile(path);
    this.#shared = shared.get(real) ?? new SharedFile(real, open(), new FilePresence(data));
    this.#shared.users += 1;
    shared.set(real, this.#shared);
  }

  /** The tables, for use within `read` and `write`. */
  get tables(): Tables {
    return this.#shared.tables;
  }

  /** Notifications between readers and writers of the file. */
  get changes(): ChangeFeed {
    return this.#shared.changes;
  }

  /** Expired sessions that are not yet reported. */
  get expired(): ExpiredSessions {
    return this.#shared.expired;
  }

  /** Whether `close` was called. */
  get isClosed(): boolean {
    return this.#closing !== undefined;
  }

  /** Reads the committed state. */
  async read<T>(look: () => T): Promise<T> {
    this.#assertOpen();
    try {
      return look();
    } catch (cause) {
      throw this.#failure('read', cause);
    }
  }

  /** Runs `work` in a transaction and resolves once it is committed. `work` may run more than once. */
  async write<T>(work: (tx: Transaction) => T): Promise<T> {
    this.#assertOpen();
    const written = this.#shared.writes.run(work, this.timeoutMs);
    this.#running.add(written);
    try {
      return await written;
    } catch (cause) {
      if (cause instanceof Error && isContractError(cause)) throw cause;
      throw this.#failure('written', cause);
    } finally {
      this.#running.delete(written);
    }
  }

  /** Waits for running writes; the last user closes the file. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled([...this.#running]);
    const { path, changes, root } = this.#shared;
    this.#shared.users -= 1;
    if (this.#shared.users > 0) return;
    shared.delete(path);
    changes.close();
    // After a failed commit, `close` of LMDB would wait for it forever. An empty transaction, which cannot fail, ends
    // that.
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

/** Marks an error as part of the store contract: `write` rejects with it unchanged. */
export function contractError<E extends Error>(error: E): E {
  ours.add(error);
  return error;
}

function isContractError(error: Error): boolean {
  return ours.has(error);
}
