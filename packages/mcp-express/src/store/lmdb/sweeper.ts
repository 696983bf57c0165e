import type { ExpiryQueue } from './expiry-queue.js';
import type { StoreFile } from './store-file.js';
import type { Transaction } from './write-queue.js';

/** Interval of the sweep that frees expired records. Milliseconds. */
const SWEEP_MS = 5_000;

/** A part of the store whose records expire. */
export interface Sweepable {
  /** The queues of its expiries. */
  readonly queues: readonly ExpiryQueue<string | number>[];
  /** Removes expired records. False when some are left. */
  sweep(tx: Transaction, now: number): boolean;
}

/** Removes expired records in short transactions. While nothing is due, the file is only read. */
export class Sweeper {
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly file: StoreFile,
    private readonly now: () => number,
    private readonly all: readonly Sweepable[],
  ) {
    this.#timer = setInterval(() => this.#begin(), SWEEP_MS).unref();
  }

  /** Stops, and waits for the running sweep. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #begin(): void {
    this.#running ??= this.#round().finally(() => {
      this.#running = undefined;
    });
  }

  async #round(): Promise<void> {
    try {
      for (const swept of this.all) await this.#sweep(swept);
    } catch {
      // Expired records are absent for every method anyway; the next round tries again.
    }
  }

  async #sweep({ queues, sweep }: Sweepable): Promise<void> {
    const now = this.now();
    if (!(await this.file.read(() => queues.some((each) => each.hasDue(now))))) return;
    while (!this.#closed && !(await this.file.write((tx) => sweep(tx, now))));
  }
}
