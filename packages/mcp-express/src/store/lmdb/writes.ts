import type { RootDatabase } from 'lmdb';
import { type Limited, Overdue } from './overdue.js';
import { Shares } from './shares.js';
import type { StreamName, Tables, Totals } from './tables.js';

/** What one piece of work may use and leave behind, inside a transaction. */
export interface Step {
  readonly totals: Totals;
  readonly shares: Shares;
  /** The next turn, which nobody else gets. */
  turn(): number;
  /** Tells who watches the stream, once it is committed. */
  wake(stream: StreamName): void;
  /** Tells other processes, once it is committed. */
  say(topic: string, message: string): void;
  /** Notes a session that expired, once it is committed. */
  expired(session: string): void;
}

/** What a group of works left behind. */
export interface Aftermath {
  readonly woken: readonly StreamName[];
  readonly said: readonly (readonly [topic: string, message: string])[];
  readonly expired: readonly string[];
}

interface Work extends Limited {
  readonly run: (step: Step) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
}

/** Thrown by a work that has changed nothing: it alone is refused. */
export class Refusal extends Error {
  constructor(override readonly cause: Error) {
    super(cause.message);
  }
}

const NO_TOTALS: Totals = { turn: 0, sessions: 0, tasks: 0, bytes: 0, journal: 0, journalFrom: 1 };

/**
 * Every change of the file goes through here. Works that wait are done together, in order, in one transaction, so that
 * many cost one commit. When it fails they are done again one by one: the failure of one is not that of the others.
 */
export class Writes {
  #waiting: Work[] = [];
  #scheduled = false;
  readonly #overdue = new Overdue();

  constructor(
    private readonly root: RootDatabase,
    private readonly tables: Tables,
    /** Told inside of the transaction. */
    private readonly beforeCommit: (aftermath: Aftermath, totals: Totals) => void,
    private readonly afterCommit: (aftermath: Aftermath) => void,
  ) {}

  /**
   * Resolves with what `work` returned, once that is committed. `work` may be run more than once, and only the last run counts.
   * Rejects when that takes longer than the time limit: then it was not done or, if its commit had begun, may have been.
   */
  run<T>(work: (step: Step) => T, timeoutMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const added: Work = {
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

  get totals(): Totals {
    return (this.tables.about.get('totals') as Totals | undefined) ?? NO_TOTALS;
  }

  /** Works that come until LMDB is ready to begin still come along. */
  #take(): Work[] {
    this.#scheduled = false;
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  async #commit(take: () => Work[]): Promise<void> {
    let group: Work[] = [];
    let settle: (() => void)[] = [];
    let aftermath: Aftermath = { woken: [], said: [], expired: [] };
    try {
      await this.root.childTransaction(() => {
        group = take();
        ({ settle, aftermath } = this.#perform(group));
      });
    } catch (cause) {
      return this.#failed(group.length === 0 ? take() : group, await causeOf(cause));
    }
    this.afterCommit(aftermath);
    for (const each of settle) each();
  }

  async #failed(group: readonly Work[], cause: unknown): Promise<void> {
    if (group.length === 1) return group[0]?.reject(cause);
    await Promise.all(group.map((work) => this.#commit(() => [work])));
  }

  #perform(group: readonly Work[]): { settle: (() => void)[]; aftermath: Aftermath } {
    const totals = { ...this.totals };
    const woken = new Map<string, StreamName>();
    const said: (readonly [string, string])[] = [];
    const expired: string[] = [];
    const step: Step = {
      totals,
      shares: new Shares(this.tables),
      turn: () => {
        totals.turn += 1;
        return totals.turn;
      },
      wake: (stream) => void woken.set(stream.join(' '), stream),
      say: (topic, message) => void said.push([topic, message]),
      expired: (session) => void expired.push(session),
    };
    const settle = group.map((work) => outcomeOf(work, step));
    const aftermath = { woken: [...woken.values()], said, expired };
    step.shares.save();
    this.beforeCommit(aftermath, totals);
    void this.tables.about.put('totals', totals);
    return { settle, aftermath };
  }
}

function outcomeOf(work: Work, step: Step): () => void {
  try {
    const value = work.run(step);
    return () => work.resolve(value);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return () => work.reject(thrown.cause);
  }
}

/** Of a commit that failed, LMDB tells the reason a moment later. */
async function causeOf(thrown: unknown): Promise<unknown> {
  if (!(thrown instanceof Error) || !('commitError' in thrown)) return thrown;
  return Promise.resolve(thrown.commitError).then(
    () => thrown,
    (cause: unknown) =>
      new Error(`the commit failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause }),
  );
}
