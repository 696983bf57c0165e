import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { memoryStore } from '../store/memory/memory-store.js';
import { NodeLiveness } from './node-liveness.js';
import { PendingResponseWatch } from './pending-responses.js';

const LEASE_MS = 3_000;
const STEP_MS = 10;
const OWED = { session: 'session', stream: 'stream' };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** How long after its last renewal the answers of a node that died are given, when another begins to wait at this time. */
async function toldAfter(waitsAt: number, release = false): Promise<number> {
  const store = memoryStore();
  await store.leases.hold('dead', Date.now() + LEASE_MS);
  const failed = (where: string, cause: unknown) => expect([where, cause]).toEqual([]);
  let isSettled = false;
  const settle = async (): Promise<void> => {
    isSettled = true;
  };
  const responses = new PendingResponseWatch(
    { ...store.streams, settle },
    new NodeLiveness(store.leases, LEASE_MS),
    LEASE_MS,
    failed,
  );
  const beganAt = Date.now();
  await jest.advanceTimersByTimeAsync(waitsAt);
  responses.watch('name', OWED, 'dead');
  if (release) await store.leases.release('dead');
  while (!isSettled && Date.now() - beganAt < 4 * LEASE_MS) await jest.advanceTimersByTimeAsync(STEP_MS);
  responses.close();
  await store.close();
  return Date.now() - beganAt;
}

describe('the clients of a node that died are told within one and a half leases of its last renewal (R12, invariant 1)', () => {
  test.each([1, 400, 1_499, 1_501, 2_300, 2_999])('when they come %i ms after it', async (waitsAt) => {
    const afterMs = await toldAfter(waitsAt);
    expect(afterMs).toBeGreaterThan(LEASE_MS * 1.4);
    expect(afterMs).toBeLessThanOrEqual(LEASE_MS * 1.5);
  });

  test('and those of a node that gave up its lease before it owed nothing, within one', async () => {
    expect(await toldAfter(100, true)).toBeLessThanOrEqual(LEASE_MS);
  });
});
