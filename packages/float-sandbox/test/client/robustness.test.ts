/** The client against a sandbox that fails in every way it knows: whole answers or clear errors, and no write twice. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FloatApiError, type FloatClient } from 'float-api';
import { failureOf } from '../../../float-api/test/support/failure.js';
import type { Fault } from '../../src/sandbox.js';
import { type Harness, openHarness } from '../support/harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

/** The seed's time entries fill several pages. */
const entries = async (float: FloatClient) =>
  (await float.listAll('logged-time')).map(({ logged_time_id }) => logged_time_id);

describe('a long list is whole in spite of', () => {
  test.each<[string, Fault]>([
    ['a storm of 429', { does: 'status', status: 429, times: 3 }],
    ['a 429 on a later page, with a time to wait', { does: 'status', status: 429, retryAfter: 20, page: 2, times: 2 }],
    ['a 500 on every third call', { does: 'status', status: 500, skip: 2, times: 1 }],
    ['a 503 with a time to wait', { does: 'status', status: 503, retryAfter: 5, times: 2 }],
    ['a slow page', { does: 'slow', ms: 20, page: 2 }],
    ['a dropped connection before the first page', { does: 'drop', times: 2 }],
    ['connections dropped on a later page', { does: 'drop', page: 2, times: 2 }],
    ['an answer that is lost after it was made', { does: 'drop', moment: 'after', times: 2 }],
    ['a connection that breaks in the middle of a page', { does: 'cut', page: 2, times: 2 }],
  ])('%s', async (_name, fault) => {
    const expected = await entries(harness.float);
    expect(expected.length).toBeGreaterThan(200);
    harness.sandbox.faults.add({ path: '/logged-time', ...fault });
    await expect(entries(harness.float)).resolves.toEqual(expected);
  });

  test('one page that hangs once', async () => {
    const expected = await entries(harness.float);
    const hasty = harness.client({ timeoutMs: 1_000 });
    harness.sandbox.faults.add({ does: 'slow', ms: 60_000, page: 2, times: 1 });
    await expect(entries(hasty)).resolves.toEqual(expected);
  });
});

describe('a list that cannot be read is a clear error, never a short list', () => {
  test.each<[string, Fault, string, RegExp]>([
    ['429 without end', { does: 'status', status: 429 }, 'rate-limited', /rate limit for the company is used up/],
    ['500 without end', { does: 'status', status: 500 }, 'unavailable', /answered 500/],
    ['dropped connections', { does: 'drop' }, 'unavailable', /could not be reached/],
    ['broken bodies', { does: 'cut' }, 'unavailable', /could not be reached/],
    ['a sign-in page', { does: 'garble', times: 1 }, 'bad-answer', /expected JSON, got text\/html/],
  ])('%s on the second page', async (_name, fault, code, message) => {
    harness.sandbox.faults.add({ page: 2, ...fault });
    const error = await failureOf(entries(harness.float));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.endpoint).toBe('GET /logged-time');
  });

  test('a page that always hangs is a timeout, after a second try', async () => {
    const hasty = harness.client({ timeoutMs: 400 });
    // The connection is open already, so the timeout applies to the response.
    await hasty.listAll('roles');
    harness.seen.length = 0;
    harness.sandbox.faults.add({ does: 'slow', ms: 60_000, path: '/clients' });
    expect(await failureOf(hasty.listAll('clients'))).toMatchObject({ code: 'timeout' });
    expect(harness.seen).toEqual(['GET /clients', 'GET /clients']);
  });
});

/** A 429 proves that nothing was changed, so it is never injected after the request. */
const anyFault = (path: string): fc.Arbitrary<Fault> =>
  fc
    .oneof(
      fc.record({ does: fc.constant('status' as const), status: fc.constantFrom(500, 502, 503, 504) }),
      fc.record({
        does: fc.constant('status' as const),
        status: fc.constant(429),
        moment: fc.constant('before' as const),
      }),
      fc.record({ does: fc.constantFrom('drop' as const, 'cut' as const, 'garble' as const) }),
    )
    .chain((fault) =>
      fc
        .record({
          times: fc.integer({ min: 1, max: 3 }),
          skip: fc.integer({ min: 0, max: 2 }),
          moment: fc.constantFrom('before' as const, 'after' as const),
        })
        .map((when) => ({ path, ...when, ...fault })),
    );

describe('with random faults', () => {
  test('a read is whole or an error', async () => {
    const expected = await entries(harness.float);
    await fc.assert(
      fc.asyncProperty(fc.array(anyFault('/logged-time'), { maxLength: 3 }), async (faults) => {
        harness.sandbox.faults.clear();
        for (const fault of faults) harness.sandbox.faults.add(fault);
        const found = await entries(harness.float).catch((error: unknown) => error);
        if (!(found instanceof FloatApiError)) expect(found).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  test('a write is made at most once, exactly once on success, and never repeated after an uncertain failure', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyFault('/clients'), { maxLength: 2 }), async (faults) => {
        count += 1;
        const name = `Client number ${count}`;
        harness.sandbox.faults.clear();
        for (const fault of faults) harness.sandbox.faults.add({ ...fault, method: 'POST' });
        const outcome = await harness.float.create('clients', { name }).catch((error: unknown) => error);
        harness.sandbox.faults.clear();
        const stored = (await harness.float.listAll('clients')).filter((client) => client.name === name).length;
        if (outcome instanceof FloatApiError) expect(stored).toBeLessThanOrEqual(1);
        else expect(stored).toBe(1);
        if (outcome instanceof FloatApiError && stored === 1) expect(outcome.message).toContain('may have been made');
      }),
      { numRuns: 40 },
    );
  });

  test.each(['PATCH', 'DELETE'])('a %s with an uncertain failure is sent once', async (method) => {
    const { client_id } = await harness.float.create('clients', { name: 'Northwind' });
    harness.sandbox.faults.add({ does: 'drop', method, moment: 'after' });
    const call =
      method === 'PATCH'
        ? harness.float.update('clients', client_id, { name: 'Southwind' })
        : harness.float.delete('clients', client_id);
    expect((await failureOf(call)).message).toContain('check before sending it again');
    expect(harness.seen.filter((line) => line.startsWith(method))).toHaveLength(1);
  });

  test('after a write with an uncertain failure the tables are read again', async () => {
    const before = await harness.float.listAll('clients');
    harness.sandbox.faults.add({ does: 'drop', method: 'POST', moment: 'after', times: 1 });
    await failureOf(harness.float.create('clients', { name: 'Northwind' }));
    await expect(harness.float.listAll('clients')).resolves.toHaveLength(before.length + 1);
  });
});
