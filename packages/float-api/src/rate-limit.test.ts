import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantClock, manualClock, settled } from '../test/support/clocks.js';
import { createRateLimiter, FLOAT_LIMITS, nextStart } from './rate-limit.js';

const inWindow = (starts: readonly number[], at: number, ms: number) =>
  starts.filter((start) => start > at - ms && start <= at).length;

describe('nextStart', () => {
  test('starts at once while the window has room', () => {
    expect(nextStart([{ max: 2, ms: 1_000 }], [100], 150)).toBe(150);
  });

  test('waits until the oldest blocking start leaves the window', () => {
    expect(nextStart([{ max: 2, ms: 1_000 }], [0, 100, 150], 200)).toBe(1_100);
  });

  test('the widest wait of several windows counts', () => {
    const windows = [
      { max: 3, ms: 60_000 },
      { max: 1, ms: 1_000 },
    ];
    expect(nextStart(windows, [0, 2_000, 4_000], 4_500)).toBe(60_000);
  });

  test('never lets more calls through than any window allows, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 300 }), (gaps) => {
        const starts: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now = nextStart(FLOAT_LIMITS.write, starts, now + gap);
          starts.push(now);
        }
        for (const start of starts) {
          expect(inWindow(starts, start, 60_000)).toBeLessThanOrEqual(100);
          expect(inWindow(starts, start, 1_000)).toBeLessThanOrEqual(4);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('createRateLimiter', () => {
  test('keeps 10 reads a second and 200 a minute from the first second on', async () => {
    const clock = instantClock();
    const limiter = createRateLimiter(FLOAT_LIMITS, clock);
    const starts: number[] = [];
    for (let call = 0; call < 450; call += 1) {
      await limiter.acquire('read');
      starts.push(clock.now());
    }
    expect(Math.max(...starts.map((start) => inWindow(starts, start, 1_000)))).toBe(10);
    expect(Math.max(...starts.map((start) => inWindow(starts, start, 60_000)))).toBe(200);
  });

  test('reads and writes have their own budgets', async () => {
    const clock = instantClock();
    const limiter = createRateLimiter(FLOAT_LIMITS, clock);
    for (let call = 0; call < 4; call += 1) await limiter.acquire('write');
    await limiter.acquire('read');
    expect(clock.waits).toEqual([]);
  });

  test('waiting calls start in the order in which they came', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter({ ...FLOAT_LIMITS, write: [{ max: 1, ms: 1_000 }] }, clock);
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) void limiter.acquire('write').then(() => order.push(name));
    await clock.advance(0);
    expect(order).toEqual(['a']);
    await clock.advance(1_000);
    expect(order).toEqual(['a', 'b']);
    await clock.advance(1_000);
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('a call that is cancelled while it waits rejects at once and leaves its place to the next', async () => {
    const clock = manualClock();
    const limiter = createRateLimiter({ ...FLOAT_LIMITS, write: [{ max: 1, ms: 1_000 }] }, clock);
    await limiter.acquire('write');
    const head = new AbortController();
    const behind = new AbortController();
    const order: string[] = [];
    const first = limiter.acquire('write', head.signal).catch(() => order.push('head gone'));
    const second = limiter.acquire('write', behind.signal).catch(() => order.push('second gone'));
    void limiter.acquire('write').then(() => order.push('third starts'));
    await settled();
    behind.abort(new Error('no longer wanted'));
    await second;
    head.abort(new Error('no longer wanted'));
    await first;
    expect(order).toEqual(['second gone', 'head gone']);
    await clock.advance(1_000);
    expect(order).toEqual(['second gone', 'head gone', 'third starts']);
  });

  test('a pause that Float asked for holds the whole lane', async () => {
    const clock = instantClock();
    const limiter = createRateLimiter(FLOAT_LIMITS, clock);
    await limiter.pause('read', 5_000);
    await limiter.acquire('read');
    expect(clock.now()).toBe(5_000);
  });

  test('false switches it off', async () => {
    const clock = instantClock();
    const limiter = createRateLimiter(false, clock);
    await limiter.pause('write', 5_000);
    for (let call = 0; call < 500; call += 1) await limiter.acquire('write');
    expect(clock.waits).toEqual([]);
  });
});
