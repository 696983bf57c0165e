import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRateLimiter, FLOAT_LIMITS, type RateLimiter } from 'float-api';
import { instantClock } from '../../../float-api/test/support/clocks.js';
import { failureOf } from '../../../float-api/test/support/failure.js';
import { type Harness, openHarness } from '../support/harness.js';

let harness: Harness;
const more: Harness[] = [];
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(async () => {
  for (const one of [harness, ...more.splice(0)]) await one.close();
});

describe('a limiter that nodes share', () => {
  test('keeps them together within the limit of the company', async () => {
    const clock = instantClock(1_000_000_000);
    const strict = await openHarness({ seed: false, now: clock.now, limits: FLOAT_LIMITS });
    more.push(strict);
    const limiter = createRateLimiter(FLOAT_LIMITS, clock);
    const nodes = [1, 2, 3].map(() => strict.client({ clock, limiter, cache: false, retry: { attempts: 1 } }));
    // In turns: on a clock that jumps, one node's wait would move the moment at which another one's call arrives.
    for (let round = 0; round < 80; round += 1) {
      for (const node of nodes) await node.listAll('clients');
    }
    expect(strict.seen).toHaveLength(240);
  });

  test('receives the pauses that Float demands', async () => {
    const told: string[] = [];
    const limiter: RateLimiter = {
      acquire: async (kind) => void told.push(`acquire ${kind}`),
      pause: async (kind, ms) => void told.push(`pause ${kind} ${ms}`),
    };
    harness.sandbox.faults.add({ does: 'status', status: 429, retryAfter: 7, times: 1 });
    await harness.client({ limiter }).report('people', { start_date: '2026-11-23', end_date: '2026-11-29' });
    expect(told).toEqual(['acquire report', 'pause report 7000', 'acquire report']);
  });

  test('that fails leaves the call unsent', async () => {
    const limiter: RateLimiter = { acquire: () => Promise.reject(new Error('store is gone')), pause: () => {} };
    const error = await failureOf(harness.client({ limiter }).create('clients', { name: 'Northwind' }));
    expect(error).toMatchObject({ code: 'unsent' });
    expect(error.message).toMatch(/the call was not sent.*store is gone$/);
    expect(harness.seen).toEqual([]);
  });

  test('that fails in pause loses no response', async () => {
    const limiter: RateLimiter = { acquire: async () => {}, pause: () => Promise.reject(new Error('store is gone')) };
    harness.sandbox.faults.add({ does: 'status', status: 429, times: 1 });
    await expect(harness.client({ limiter }).listAll('clients')).resolves.toHaveLength(7);
  });
});
