import type { Due } from './due.js';
import type { Opened } from './opened.js';
import type { Step } from './writes.js';

/** How often it is looked for what has expired: its room is free again within about this time. */
const SWEEP_MS = 5_000;

export interface Swept {
  readonly due: readonly Due<string | number>[];
  /** False when some is left. */
  sweep(step: Step, now: number): boolean;
}

/** Forgets what has expired, a little at a time. A store in which nothing has is only read. */
export class Sweeper {
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly opened: Opened,
    private readonly now: () => number,
    private readonly all: readonly Swept[],
  ) {
    this.#timer = setInterval(() => this.#begin(), SWEEP_MS).unref();
  }

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
      // What has expired is gone for every method all the same; the next round tries again.
    }
  }

  async #sweep({ due, sweep }: Swept): Promise<void> {
    const now = this.now();
    if (!(await this.opened.read(() => due.some((each) => each.hasAny(now))))) return;
    while (!this.#closed && !(await this.opened.write((step) => sweep(step, now))));
  }
}
