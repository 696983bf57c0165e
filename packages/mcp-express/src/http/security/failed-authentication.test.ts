import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type Attempt, FailedAuthentication, type SharedCount } from './failed-authentication.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

const budgetOf = (limit: number, shared?: SharedCount): FailedAuthentication =>
  new FailedAuthentication({ limit, windowMs: 60_000, shared, now: Date.now });

/** A server whose verifications take 50 ms each, and the number of attempts that reached it. */
function server() {
  const counts = { reached: 0, running: 0, most: 0 };
  const ask = async (budget: FailedAuthentication, good: boolean, key = 'a'): Promise<number> => {
    let attempt: Attempt;
    try {
      attempt = await budget.begin(key);
    } catch {
      return 429;
    }
    counts.reached += 1;
    counts.running += 1;
    counts.most = Math.max(counts.most, counts.running);
    await new Promise((resolve) => setTimeout(resolve, 50));
    counts.running -= 1;
    attempt.over(!good);
    return good ? 200 : 401;
  };
  return { counts, ask };
}

async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const all = Promise.all(promises);
  await jest.advanceTimersByTimeAsync(20_000);
  return all;
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** A store that two nodes share, with delayed answers. */
function sharedCount(ms = 0) {
  let hits = 0;
  return {
    increment: async () => {
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      hits += 1;
      return { totalHits: hits, resetTime: undefined };
    },
    decrement: async () => {
      hits -= 1;
    },
    hits: () => hits,
  };
}

describe('failed authentication has a budget that holds at any concurrency (R19)', () => {
  test('3,000 wrong tokens at once against 1,200 are verified 1,200 times, 100 at a time', async () => {
    const { counts, ask } = server();
    const budget = budgetOf(1200);
    const statuses = await settled(times(3000, () => ask(budget, false)));
    expect([counts.reached, counts.most]).toEqual([1200, 100]);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1800);
  });

  test.each([
    ['one node alone', () => undefined],
    ['a shared count that is slow', () => sharedCount(2000)],
    ['a shared count that fails', () => ({ increment: () => Promise.reject(new Error('down')), decrement: () => {} })],
    [
      'a shared count that throws',
      () => ({
        increment: () => {
          throw new Error('down');
        },
        decrement: () => {},
      }),
    ],
    [
      'a shared count that never answers',
      () => ({ increment: () => new Promise<never>(() => {}), decrement: () => {} }),
    ],
    ['a shared count', () => sharedCount(5)],
  ])('no more than the budget, and good clients below it, with %s', async (_what, shared) => {
    const { counts, ask } = server();
    const budget = budgetOf(1200, shared());
    const wrong = await settled(times(3000, () => ask(budget, false)));
    expect(counts.reached).toBeLessThanOrEqual(1200);
    expect(wrong.filter((status) => status === 401)).toHaveLength(counts.reached);
    const other = budgetOf(1200, shared());
    const mixed = await settled([...times(1000, () => ask(other, false)), ...times(500, () => ask(other, true))]);
    expect(mixed.filter((status) => status === 200)).toHaveLength(500);
  });

  test('nodes with a shared count stay within one budget', async () => {
    const { counts, ask } = server();
    const shared = sharedCount(5);
    const nodes = times(2, () => budgetOf(300, shared));
    await settled(nodes.flatMap((node) => times(1000, () => ask(node, false))));
    expect(counts.reached).toBe(300);
    expect(shared.hits()).toBe(300);
  });

  test('valid credentials spend nothing, even when more arrive at once than there are slots', async () => {
    const { ask } = server();
    const shared = sharedCount();
    for (const budget of [budgetOf(3), budgetOf(3, shared)]) {
      expect(await settled(times(50, () => ask(budget, true)))).toEqual(Array(50).fill(200));
    }
    expect(shared.hits()).toBe(0);
  });

  test('a key with an exhausted budget is refused until the window ends; other keys are not', async () => {
    const { ask } = server();
    const budget = budgetOf(2);
    expect(await settled(times(4, () => ask(budget, false)))).toEqual([401, 401, 429, 429]);
    expect(() => budget.assertLeft('a')).toThrow('Too many requests');
    expect(await settled([ask(budget, true, 'a'), ask(budget, true, 'b')])).toEqual([429, 200]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(await settled([ask(budget, true, 'a')])).toEqual([200]);
  });

  test('attempts waiting for verifications that never end are refused after a limit', async () => {
    const budget = budgetOf(1200);
    for (let stuck = 0; stuck < 100; stuck++) await budget.begin('a');
    const waits = expect(budget.begin('a')).rejects.toMatchObject({ code: 'rate-limited' });
    await jest.advanceTimersByTimeAsync(10_000);
    await waits;
    expect(await budget.begin('b')).toBeDefined();
  });

  test('verifications that never end lose their slots and count neither as failed nor as successful', async () => {
    const budget = budgetOf(200);
    for (const _ of Array(100)) await budget.begin('a');
    const waiting = Promise.resolve(budget.begin('a')).then(
      () => 'verified',
      () => 'refused',
    );
    await jest.advanceTimersByTimeAsync(14_000);
    expect(await waiting).toBe('refused');
    await jest.advanceTimersByTimeAsync(1_000);
    const { ask } = server();
    expect(await settled(times(20, () => ask(budget, true)))).toEqual(times(20, () => 200));
    expect(await settled(times(300, () => ask(budget, false)))).toEqual([
      ...times(200, () => 401),
      ...times(100, () => 429),
    ]);
  });

  test('the number of keys in memory is bounded, and keys expire with their window', async () => {
    const budget = budgetOf(5);
    for (let index = 0; index < 60_000; index++) (await budget.begin(`k${index}`)).over(true);
    expect(budget.size).toBe(50_000);
    await jest.advanceTimersByTimeAsync(61_000);
    (await budget.begin('new')).over(true);
    expect(budget.size).toBe(1);
  });
});
