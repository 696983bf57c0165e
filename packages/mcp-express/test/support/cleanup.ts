import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach } from '@jest/globals';

type Step = () => unknown;

/** What is to be done when a test is over. */
class Ending {
  readonly #cleanups: Step[] = [];
  readonly #checks: Step[] = [];

  onCleanup(cleanup: Step): void {
    this.#cleanups.push(cleanup);
  }

  /** Runs when everything is cleaned up. What it throws fails the test. */
  afterCleanup(check: Step): void {
    this.#checks.push(check);
  }

  async finish(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
    for (const check of this.#checks.splice(0)) await check();
  }
}

/** Of tests that run one after another. */
const ofTheTest = new Ending();

/** Of each of those that run at once. */
const ofEach = new AsyncLocalStorage<Ending>();

afterEach(() => ofTheTest.finish());

export function currentEnding(): Ending {
  return ofEach.getStore() ?? ofTheTest;
}

/** Runs when the current test is over, last registered first, so that clients leave before their server closes. */
export function onCleanup(cleanup: Step): void {
  currentEnding().onCleanup(cleanup);
}

/** Runs a test beside others: what it registers for its end is done at its own end. */
export function withOwnEnding(run: () => Promise<void>): Promise<void> {
  const ending = new Ending();
  return ofEach.run(ending, async () => {
    try {
      await run();
    } catch (failure) {
      // What fails afterwards only follows from it.
      await ending.finish().catch(() => {});
      throw failure;
    }
    await ending.finish();
  });
}
