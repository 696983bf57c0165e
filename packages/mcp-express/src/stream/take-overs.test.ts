import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MemoryBus } from '../store/memory/memory-bus.js';
import { TakeOvers } from './take-overs.js';

/** The creation time of a connection that has delivered nothing yet. */
const justNow = (): number => performance.now();

function inARow(rows: TakeOvers, name: string, times = 4): void {
  for (let time = 0; time < times; time += 1) rows.add(name, justNow());
}

describe('take-overs in a row (R12)', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 0 }));
  afterEach(() => void jest.useRealTimers());

  const make = (retryMs = 1_000): TakeOvers => new TakeOvers(new MemoryBus(), 'node', retryMs);

  test('are limited: the next one is refused', () => {
    const rows = make();
    inARow(rows, 'a', 3);
    expect(() => rows.admit('a')).not.toThrow();
    inARow(rows, 'a', 1);
    expect(() => rows.admit('a')).toThrow(expect.objectContaining({ code: 'stream-taken' }));
    expect(() => rows.admit('b')).not.toThrow();
  });

  test('are over when a connection had the stream for a while', () => {
    const rows = make();
    inARow(rows, 'a', 3);
    const since = justNow();
    jest.advanceTimersByTime(12_000);
    rows.add('a', since);
    inARow(rows, 'a', 3);
    expect(() => rows.admit('a')).not.toThrow();
  });

  test('expire without further connections, after a time that grows with the reconnection time', () => {
    for (const [retryMs, until] of [
      [1_000, 12_000],
      [10_000, 30_000],
    ] as const) {
      const rows = make(retryMs);
      inARow(rows, 'a');
      jest.advanceTimersByTime(until - 1);
      expect(() => rows.admit('a')).toThrow();
      const others = make(retryMs);
      inARow(others, 'a');
      jest.advanceTimersByTime(until);
      expect(() => others.admit('a')).not.toThrow();
    }
  });

  test('a connection that keeps retrying is refused for one minute', () => {
    const rows = make();
    inARow(rows, 'a');
    let refused = 0;
    for (let second = 1; second <= 61; second += 1) {
      jest.advanceTimersByTime(1_000);
      try {
        rows.admit('a');
        break;
      } catch {
        refused += 1;
      }
    }
    expect(refused).toBe(59);
  });

  test('are dropped from memory when they are over', () => {
    const bus = new MemoryBus();
    const [one, other] = [new TakeOvers(bus, 'one', 0), new TakeOvers(bus, 'other', 0)];
    for (let name = 0; name < 100; name += 1) one.add(String(name), justNow());
    jest.advanceTimersByTime(10_000);
    one.add('last', justNow());
    expect([one.size, other.size]).toEqual([1, 1]);
  });
});
