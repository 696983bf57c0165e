import type { Commands } from './client.js';

/** Most steps that wait. The records that further steps would delete expire by themselves. */
const MOST = 10_000;

/** Time between attempts where Redis can be reached and rejects the step. Milliseconds. */
const AGAIN_MS = 1_000;

/**
 * Steps that a store method could not complete because Redis failed: run in order once Redis is back. A step may run
 * twice, because an attempt without an answer may have taken effect.
 */
export class Leftovers {
  readonly #steps: (() => Promise<unknown>)[] = [];
  readonly #timer: NodeJS.Timeout;
  #isTrying = false;

  constructor(commands: Commands) {
    commands.onThere(() => void this.#tryAll());
    this.#timer = setInterval(() => void this.#tryAll(), AGAIN_MS).unref();
  }

  add(step: () => Promise<unknown>): void {
    if (this.#steps.length < MOST) this.#steps.push(step);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#steps.length = 0;
  }

  async #tryAll(): Promise<void> {
    if (this.#isTrying) return;
    this.#isTrying = true;
    try {
      for (let step = this.#steps[0]; step !== undefined; step = this.#steps[0]) {
        await step();
        this.#steps.shift();
      }
    } catch {
      // Redis still fails: tried again after a reconnect, or in a second.
    } finally {
      this.#isTrying = false;
    }
  }
}
