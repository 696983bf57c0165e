import type { Commands } from './client.js';

/** Steps that wait at most. What is dropped beyond it expires by itself. */
const MOST = 10_000;

/** Between the tries, where Redis is there and does not take the step. Milliseconds. */
const AGAIN_MS = 1_000;

/**
 * What a method has left to do when Redis went away in the middle of it: done in order once Redis is back. A step may be
 * made twice, because an attempt of which no answer came may have been made.
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
      // Redis is still away: again when it is there, or in a second.
    } finally {
      this.#isTrying = false;
    }
  }
}
