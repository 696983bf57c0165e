import type { RootDatabase } from 'lmdb';
import { HolderBytes } from './holder-bytes.js';
import { type Limited, Overdue } from './overdue.js';
import type { StreamName, Tables, Totals } from './tables.js';

/** The transaction, as a write sees it. */
export interface Transaction {
  /** Sums over the file. Changes are saved with the transaction. */
  readonly totals: Totals;
  /** Bytes of each quota holder. */
  readonly holderBytes: HolderBytes;
  /** The next sequence number, unique in the file. */
  nextSequence(): number;
  /** Wakes the readers of the stream after the commit. */
  wake(stream: StreamName): void;
  /** Delivers a message to other processes after the commit. */
  publish(topic: string, message: string): void;
  /** Reports an expired session after the commit. */
  reportExpired(session: string): void;
}

/** The notifications that follow the commit of a batch. */
export interface CommitEffects {
  readonly changedStreams: readonly StreamName[];
  readonly messages: readonly (readonly [topic: string, message: string])[];
  readonly expired: readonly string[];
}

interface QueuedWrite extends Limited {
  readonly run: (tx: Transaction) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

/** Thrown by a write that has changed nothing: only this write is rejected, with `cause`, and the batch goes on. */
export class WriteRefused extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

const NO_TOTALS: Totals = { turn: 0, sessions: 0, tasks: 0, bytes: 0, journal: 0, journalFrom: 1 };

/**
 * The queue of all changes of the file. Waiting writes share one transaction, in order, and so one commit. If the
 * transaction fails, they are repeated one by one, so that a write fails only for its own reason.
 */
export class WriteQueue {
  #waiting: QueuedWrite[] = [];
  #scheduled = false;
  readonly #overdue = new Overdue();

  constructor(
    private readonly root: RootDatabase,
    private readonly tables: Tables,
    /** Called within the transaction. */
    private readonly beforeCommit: (effects: CommitEffects, totals: Totals) => void,
    private readonly afterCommit: (effects: CommitEffects) => void,
  ) {}

  /**
   * Runs `work` in a transaction and resolves with its result after the commit. `work` may run more than once; the last
   * run counts. Rejects when that takes longer than the time limit: then the write was not done or, if its commit had
   * begun, may have been.
   */
  run<T>(work: (tx: Transaction) => T, timeoutMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const added: QueuedWrite = {
        run: work,
        resolve: (value) => {
          this.#overdue.delete(added);
          resolve(value as T);
        },
        reject: (cause) => {
          this.#overdue.delete(added);
          reject(cause);
        },
        giveUpAt: performance.now() + timeoutMs,
        giveUp: () => {
          this.#waiting = this.#waiting.filter((waiting) => waiting !== added);
          reject(new Error(`it was not committed within ${timeoutMs} ms: another process or the disk holds it up`));
        },
      };
      this.#overdue.add(added);
      this.#waiting.push(added);
      if (this.#scheduled) return;
      this.#scheduled = true;
      void this.#commit(() => this.#take());
    });
  }

  /** The committed sums. */
  get totals(): Totals {
    return (this.tables.about.get('totals') as Totals | undefined) ?? NO_TOTALS;
  }

  /** Taken when LMDB begins the transaction, so that writes queued until then join it. */
  #take(): QueuedWrite[] {
    this.#scheduled = false;
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  async #commit(take: () => QueuedWrite[]): Promise<void> {
    let group: QueuedWrite[] = [];
    let settle: (() => void)[] = [];
    let effects: CommitEffects = { changedStreams: [], messages: [], expired: [] };
    try {
      await this.root.childTransaction(() => {
        group = take();
        ({ settle, effects } = this.#perform(group));
      });
    } catch (cause) {
      return this.#failed(group.length === 0 ? take() : group, await causeOf(cause));
    }
    this.afterCommit(effects);
    for (const each of settle) each();
  }

  async #failed(group: readonly QueuedWrite[], cause: unknown): Promise<void> {
    if (group.length === 1) return group[0]?.reject(cause);
    await Promise.all(group.map((work) => this.#commit(() => [work])));
  }

  #perform(group: readonly QueuedWrite[]): { settle: (() => void)[]; effects: CommitEffects } {
    const totals = { ...this.totals };
    const changed = new Map<string, StreamName>();
    const messages: (readonly [string, string])[] = [];
    const expired: string[] = [];
    const tx: Transaction = {
      totals,
      holderBytes: new HolderBytes(this.tables),
      nextSequence: () => {
        totals.turn += 1;
        return totals.turn;
      },
      wake: (stream) => void changed.set(stream.join(' '), stream),
      publish: (topic, message) => void messages.push([topic, message]),
      reportExpired: (session) => void expired.push(session),
    };
    const settle = group.map((work) => outcomeOf(work, tx));
    const effects = { changedStreams: [...changed.values()], messages, expired };
    tx.holderBytes.save();
    this.beforeCommit(effects, totals);
    void this.tables.about.put('totals', totals);
    return { settle, effects };
  }
}

function outcomeOf(work: QueuedWrite, tx: Transaction): () => void {
  try {
    const value = work.run(tx);
    return () => work.resolve(value);
  } catch (thrown) {
    if (!(thrown instanceof WriteRefused)) throw thrown;
    return () => work.reject(thrown.cause);
  }
}

/** LMDB reports the reason of a failed commit in a promise on the error. */
async function causeOf(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !('commitError' in thrown)) return thrown;
  return Promise.resolve(thrown.commitError).then(
    () => thrown,
    (cause: unknown) =>
      new Error(`the commit failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }),
  );
}
