import { expect, test } from '@jest/globals';
import { onCleanup, withOwnEnding } from './cleanup.js';
import { deferred } from './wait.js';
import { watchWire } from './wire-schemas.js';

test('of two that run at once each is cleaned up at its own end, last registered first', async () => {
  const done: string[] = [];
  const late = deferred();
  const slow = withOwnEnding(async () => {
    onCleanup(() => done.push('slow'));
    await late.promise;
  });
  await withOwnEnding(async () => {
    onCleanup(() => done.push('server'));
    await Promise.resolve();
    onCleanup(() => done.push('client'));
  });
  expect(done).toEqual(['client', 'server']);
  late.resolve();
  await slow;
  expect(done).toEqual(['client', 'server', 'slow']);
});

test('an invalid message of the server fails only the test that received it, after the cleanup', async () => {
  const steps: string[] = [];
  const failing = withOwnEnding(async () => {
    watchWire(() => [`seen after ${steps.join()}`]);
    onCleanup(() => steps.push('cleanup'));
  });
  const fine = withOwnEnding(async () => watchWire(() => []));
  await expect(failing).rejects.toThrow('seen after cleanup');
  await fine;
});

test('a failing test is cleaned up, and its own failure is reported', async () => {
  let cleaned = false;
  const failing = withOwnEnding(async () => {
    watchWire(() => ['something else']);
    onCleanup(() => {
      cleaned = true;
      throw new Error('it cannot be closed any more');
    });
    throw new Error('the reason');
  });
  await expect(failing).rejects.toThrow('the reason');
  expect(cleaned).toBe(true);
});
