/** Retried and unretried failures, against a server that fails on demand. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FLOAT_LIMITS, FloatApiError } from 'float-api';
import { instantClock } from '../../../float-api/test/support/clocks.js';
import { type Harness, openHarness } from '../support/harness.js';

let harness: Harness;
const more: Harness[] = [];
beforeEach(async () => {
  harness = await openHarness({ seed: false });
});
afterEach(async () => {
  for (const one of [harness, ...more.splice(0)]) await one.close();
});

/** Another client, closed after the test. */
async function openAnother(options: Parameters<typeof openHarness>[0]): Promise<Harness> {
  const another = await openHarness({ seed: false, ...options });
  more.push(another);
  return another;
}

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof FloatApiError ? error.code : error),
  );

describe('reads', () => {
  test.each([500, 502, 503, 504, 429])('are tried again after a %i', async (status) => {
    harness.sandbox.faults.add({ does: 'status', status, times: 2 });
    await expect(harness.float.listAll('clients')).resolves.toEqual([]);
    expect(harness.seen).toHaveLength(3);
  });

  test('are tried again after a dropped connection', async () => {
    harness.sandbox.faults.add({ does: 'drop', times: 2 });
    await expect(harness.float.listAll('clients')).resolves.toEqual([]);
    expect(harness.seen).toHaveLength(3);
  });

  test('fail in the end', async () => {
    harness.sandbox.faults.add({ does: 'status', status: 503 });
    await expect(codeOf(harness.float.listAll('clients'))).resolves.toBe('unavailable');
    expect(harness.seen).toHaveLength(4);
  });

  test('wait for the time in Retry-After', async () => {
    const clock = instantClock();
    const float = harness.client({ clock, retry: { random: () => 0 } });
    harness.sandbox.faults.add({ does: 'status', status: 429, retryAfter: 7, times: 1 });
    await float.listAll('clients');
    expect(clock.waits).toEqual([7_000]);
  });

  test('do not wait for an hour', async () => {
    harness.sandbox.faults.add({ does: 'status', status: 429, retryAfter: 3_600 });
    await expect(codeOf(harness.float.listAll('clients'))).resolves.toBe('rate-limited');
    expect(harness.seen).toHaveLength(1);
  });
});

describe('writes', () => {
  const stored = async () => (await harness.float.listAll('clients')).length;
  const create = () => codeOf(harness.float.create('clients', { name: 'Northwind' }));

  test('are tried again after a 429, and done once', async () => {
    harness.sandbox.faults.add({ does: 'status', status: 429, times: 2 });
    await expect(create()).resolves.toBe('done');
    await expect(stored()).resolves.toBe(1);
  });

  test.each([
    ['a 500 before it was done', { does: 'status', status: 500, moment: 'before' }, 'unavailable', 0],
    ['a 500 after it was done', { does: 'status', status: 500, moment: 'after' }, 'unavailable', 1],
    ['a connection dropped before it was done', { does: 'drop', moment: 'before' }, 'unavailable', 0],
    ['a connection dropped after it was done', { does: 'drop', moment: 'after' }, 'unavailable', 1],
    ['an unreadable answer after it was done', { does: 'garble', moment: 'after' }, 'bad-answer', 1],
  ] as const)('are sent once when there is %s', async (_case, fault, code, records) => {
    harness.sandbox.faults.add({ ...fault, times: 1 });
    await expect(create()).resolves.toBe(code);
    expect(harness.seen).toEqual(['POST /clients']);
    await expect(stored()).resolves.toBe(records);
  });

  test('are sent once when the answer is too late, though the change was made', async () => {
    const hasty = harness.client({ timeoutMs: 40 });
    harness.sandbox.faults.add({ does: 'slow', ms: 60_000, moment: 'after', times: 1 });
    const failed = hasty.create('clients', { name: 'Northwind' });
    await expect(codeOf(failed)).resolves.toBe('timeout');
    await expect(failed).rejects.toThrow(/check before sending it again/);
    expect(harness.seen).toEqual(['POST /clients']);
    await expect(stored()).resolves.toBe(1);
  });
});

describe('giving up', () => {
  test('a read that is too late is a timeout', async () => {
    const hasty = harness.client({ timeoutMs: 40 });
    harness.sandbox.faults.add({ does: 'slow', ms: 60_000 });
    await expect(codeOf(hasty.listAll('clients'))).resolves.toBe('timeout');
  });

  test('a running call obeys its signal', async () => {
    const controller = new AbortController();
    const slow = await openAnother({ onRequest: () => controller.abort() });
    slow.sandbox.faults.add({ does: 'slow', ms: 60_000 });
    await expect(codeOf(slow.float.listAll('clients', {}, { signal: controller.signal }))).resolves.toBe('aborted');
  });

  test('a call that waits for its next attempt obeys its signal', async () => {
    const controller = new AbortController();
    const clock = instantClock();
    const float = harness.client({
      clock: {
        now: clock.now,
        sleep: (ms, signal) => {
          controller.abort();
          return clock.sleep(ms, signal);
        },
      },
    });
    harness.sandbox.faults.add({ does: 'status', status: 503 });
    await expect(codeOf(float.listAll('clients', {}, { signal: controller.signal }))).resolves.toBe('aborted');
    expect(harness.seen).toHaveLength(1);
  });

  test('a signal that has fired already sends nothing', async () => {
    await expect(codeOf(harness.float.listAll('clients', {}, { signal: AbortSignal.abort() }))).resolves.toBe(
      'aborted',
    );
    expect(harness.seen).toEqual([]);
  });
});

describe('the rate limit', () => {
  test('the client keeps it by itself: 120 writes and 30 reads meet no 429', async () => {
    const clock = instantClock(1_000_000_000);
    const strict = await openAnother({ now: clock.now, limits: FLOAT_LIMITS });
    const float = strict.client({ clock, limits: FLOAT_LIMITS, cache: false, retry: { attempts: 1 } });
    for (let index = 0; index < 120; index += 1) await float.create('clients', { name: `Client ${index}` });
    for (let index = 0; index < 30; index += 1) await float.listAll('clients');
    expect(clock.waits.length).toBeGreaterThan(0);
  });

  test("another integration's calls count too: a 429 is waited out", async () => {
    const clock = instantClock(1_000_000_000);
    const strict = await openAnother({ now: clock.now, limits: FLOAT_LIMITS });
    const greedy = strict.client({ limits: false, cache: false, clock: instantClock(), retry: { attempts: 1 } });
    for (let index = 0; index < 10; index += 1) await greedy.listAll('clients');
    await expect(codeOf(greedy.listAll('clients'))).resolves.toBe('rate-limited');
    await expect(strict.client({ clock, limits: FLOAT_LIMITS }).listAll('clients')).resolves.toEqual([]);
  });
});
