import { afterEach } from '@jest/globals';

type Cleanup = () => unknown;

const cleanups: Cleanup[] = [];

/** Runs when the current test is over, last registered first, so that clients leave before their server closes. */
export function onCleanup(cleanup: Cleanup): void {
  cleanups.push(cleanup);
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
