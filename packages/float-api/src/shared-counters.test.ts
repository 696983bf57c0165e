/** Two limiters over one store: the budget is one (issue 7). */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openStore, type Store } from 'mcp-express';
import { RedisServer } from '../../mcp-express/test/support/redis.js';
import { instantClock } from '../test/support/clocks.js';
import type { Clock } from './clock.js';
import { systemClock } from './clock.js';
import { FLOAT_LIMITS, type Limits, type RateLimiter, type Window } from './rate-limit.js';
import { createSharedLimiter, type SharedCounters } from './shared-limiter.js';

/** The counters of a store, in this process, on a clock of the test's. */
function countersOn(clock: Clock): SharedCounters {
  const counted = new Map<string, { hits: number; resetsAt: number }>();
  const alive = (name: string) => {
    const found = counted.get(name);
    return found !== undefined && found.resetsAt > clock.now() ? found : undefined;
  };
  return {
    async count(name, windowMs) {
      const known = alive(name) ?? { hits: 0, resetsAt: clock.now() + windowMs };
      const next = { ...known, hits: known.hits + 1 };
      counted.set(name, next);
      return next;
    },
    read: async (name) => alive(name) ?? { hits: 0 },
    async uncount(name) {
      const known = alive(name);
      if (known !== undefined) counted.set(name, { ...known, hits: known.hits - 1 });
    },
    forget: async (name) => void counted.delete(name),
  };
}

function limitersOver(counters: SharedCounters, clock: Clock, limits: Limits): RateLimiter[] {
  const onError = (cause: unknown) => {
    throw cause;
  };
  return [1, 2].map(() => createSharedLimiter({ counters, name: 'float:test', limits, clock, onError }));
}

/** The most starts that any stretch of `ms` milliseconds holds. */
function busiest(starts: readonly number[], { ms }: Window): number {
  return Math.max(...starts.map((start) => starts.filter((other) => other >= start && other < start + ms).length));
}

describe('two nodes, one budget', () => {
  test.each(['read', 'write', 'report'] as const)('keep together what Float allows one: %s', async (kind) => {
    const clock = instantClock(1_000_000_000);
    const nodes = limitersOver(countersOn(clock), clock, FLOAT_LIMITS);
    const starts: number[] = [];
    const calls = (FLOAT_LIMITS[kind][0] as Window).max + 40;
    for (let call = 0; call < calls; call += 1) {
      await nodes[call % 2]?.acquire(kind);
      starts.push(clock.now());
    }
    for (const window of FLOAT_LIMITS[kind]) expect(busiest(starts, window)).toBeLessThanOrEqual(window.max);
    // And they do not wait for nothing: the budget of a minute is gone within 80 seconds.
    const full = starts[(FLOAT_LIMITS[kind][0] as Window).max] as number;
    expect(full - (starts[0] as number)).toBeLessThanOrEqual(80_000);
  });

  test('a pause demanded from one node holds the other', async () => {
    const clock = instantClock(1_000_000_000);
    const [told, other] = limitersOver(countersOn(clock), clock, FLOAT_LIMITS) as [RateLimiter, RateLimiter];
    await told.pause('read', 7_000);
    await told.pause('read', 1_000);
    await other.acquire('write');
    expect(clock.now()).toBe(1_000_000_000);
    await other.acquire('read');
    expect(clock.now()).toBe(1_000_007_000);
  });

  test('unreachable counters are reported and block no request', async () => {
    const clock = instantClock(1_000_000_000);
    const gone = () => Promise.reject(new Error('store is gone'));
    const told: unknown[] = [];
    const counters = { count: gone, read: gone, uncount: gone, forget: gone };
    const limits: Limits = { ...FLOAT_LIMITS, read: [{ max: 2, ms: 1_000 }] };
    const limiter = createSharedLimiter({
      counters,
      name: 'x',
      limits,
      clock,
      onError: (cause) => void told.push(cause),
    });
    for (let call = 0; call < 3; call += 1) await limiter.acquire('read');
    expect(told).toHaveLength(3);
    // This node's own count still holds it back.
    expect(clock.now()).toBe(1_000_001_000);
  });
});

describe('over a real Redis', () => {
  let redis: RedisServer;
  const stores: Store[] = [];
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterEach(() => Promise.all(stores.splice(0).map((store) => store.close())));
  afterAll(() => redis.remove());

  test('two nodes together stay within one budget', async () => {
    // An hour: however slow the machine is, no second window begins.
    const window = { max: 5, ms: 3_600_000 };
    const limits: Limits = { read: [window], write: [window], report: [window] };
    const nodes: RateLimiter[] = [];
    for (let node = 0; node < 2; node += 1) {
      const store = await openStore(redis.url);
      stores.push(store);
      const onError = (cause: unknown) => {
        throw cause;
      };
      const counters = store.counters as SharedCounters;
      nodes.push(createSharedLimiter({ counters, name: 'float:real', limits, clock: systemClock, onError }));
    }
    const stop = new AbortController();
    let through = 0;
    const asked = [...nodes, ...nodes, ...nodes, ...nodes].map((node) =>
      node.acquire('read', stop.signal).then(() => {
        through += 1;
        if (through === 5) setImmediate(() => stop.abort(new Error('enough')));
      }),
    );
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    // Cancelled requests are not counted: the budget is still used up, and not exceeded.
    const slice = Math.floor(Date.now() / 900_000);
    const counted = await Promise.all(
      [slice, slice - 1].map((index) => stores[0]?.counters?.read(`float:real:read:3600000:${index}`)),
    );
    expect(counted.reduce((sum, one) => sum + (one?.hits ?? 0), 0)).toBe(5);
  });
});
