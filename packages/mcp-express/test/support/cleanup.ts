import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach } from '@jest/globals';

type Step = () => unknown;

/** The cleanups and checks of one test. */
class Ending {
  readonly #cleanups: Step[] = [];
  readonly #checks: Step[] = [];

  onCleanup(cleanup: Step): void {
    this.#cleanups.push(cleanup);
  }

  /** Registers a check that runs after all cleanups. Its errors fail the test. */
  afterCleanup(check: Step): void {
    this.#checks.push(check);
  }

  async finish(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
    for (const check of this.#checks.splice(0)) await check();
  }
}

/** For tests that run one after another. */
const ofTheTest = new Ending();

/** For tests that run concurrently. */
const ofEach = new AsyncLocalStorage<Ending>();

afterEach(() => ofTheTest.finish());

/** The cleanups and checks of the current test. */
export function currentEnding(): Ending {
  return ofEach.getStore() ?? ofTheTest;
}

/**
 * Registers a cleanup of the current test. The last registered runs first, so that clients leave before their server
 * closes.
 */
export function onCleanup(cleanup: Step): void {
  currentEnding().onCleanup(cleanup);
}

/** Runs a concurrent test with cleanups of its own, which run at its own end. */
export function withOwnEnding(run: () => Promise<void>): Promise<void> {
  const ending = new Ending();
  return ofEach.run(ending, async () => {
    try {
      await run();
    } catch (failure) {
      // Later failures only follow from this one.
      await ending.finish().catch(() => {});
      throw failure;
    }
    await ending.finish();
  });
}
