import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { demandByWeek, demandInTotal, spreadHours } from './demand.js';

/** Two weeks from a Monday. */
const RANGE = { from: '2026-11-23', to: '2026-12-06' };
const person = (keys: string[], free: number) => ({ keys, days: [{ day: '2026-11-24', free }] });

describe('demand against free hours', () => {
  test('is spread over the working days and compared week by week', () => {
    const weeks = demandByWeek([{ key: 'design', hours: 60 }], [person(['design'], 20)], RANGE);
    expect(weeks.map(({ lines, shortfall }) => [lines[0]?.hours, lines[0]?.free, shortfall])).toEqual([
      [30, 20, 10],
      [30, 0, 30],
    ]);
  });

  test('a person who fits two demands is assigned once', () => {
    const demands = [
      { key: 'design', hours: 20 },
      { key: 'copy', hours: 20 },
    ];
    const week = { from: '2026-11-23', to: '2026-11-29' };
    const [found] = demandByWeek(demands, [person(['design', 'copy'], 30)], week);
    expect(found?.lines.map(({ shortfall }) => shortfall)).toEqual([0, 0]);
    expect(found?.shortfall).toBe(10);
  });

  test('the total is compared regardless of weeks', () => {
    const demands = [{ key: 'design', hours: 60 }];
    const supply = [person(['design'], 50), { keys: ['design'], days: [{ day: '2026-12-03', free: 15 }] }];
    // Spread evenly it is 30 a week: 15 are missing in the second.
    expect(demandByWeek(demands, supply, RANGE).map(({ shortfall }) => shortfall)).toEqual([0, 15]);
    expect(demandInTotal(demands, supply, RANGE)).toEqual({ free: 65, shortfall: 0 });
    expect(demandInTotal([{ key: 'design', hours: 70 }], supply, RANGE)).toEqual({ free: 65, shortfall: 5 });
    const both = [person(['design', 'copy'], 30)];
    const two = [
      { key: 'design', hours: 20 },
      { key: 'copy', hours: 20 },
    ];
    expect(demandInTotal(two, both, RANGE)).toEqual({ free: 30, shortfall: 10 });
  });

  test('a weekend alone takes nothing, and too many kinds are refused', () => {
    expect(
      demandByWeek([{ key: 'a', hours: 8 }], [], { from: '2026-11-28', to: '2026-11-29' })[0]?.lines[0]?.hours,
    ).toBe(0);
    const many = Array.from({ length: 13 }, (_, index) => ({ key: `${index}`, hours: 1 }));
    expect(() => demandByWeek(many, [], RANGE)).toThrow(expect.objectContaining({ code: 'too-many-demands' }));
  });

  test('the joint shortfall is what the best assignment leaves undone', () => {
    const keys = ['a', 'b', 'c'];
    const pool = fc.tuple(fc.subarray(keys), fc.integer({ min: 0, max: 3 }));
    const amounts = fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
    );
    fc.assert(
      fc.property(fc.array(pool, { maxLength: 4 }), amounts, (pools, hours) => {
        const demands = keys.map((key, index) => ({ key, hours: hours[index]! }));
        const supply = pools.map(([can, free]) => person(can, free));
        const [found] = demandByWeek(demands, supply, { from: '2026-11-23', to: '2026-11-27' });
        expect(found?.shortfall).toBe(
          leastUndone(
            pools.flatMap(([can, free]) => Array(free).fill(can)),
            hours,
            keys,
          ),
        );
      }),
      { numRuns: 60 },
    );
  });
});

/** Hands out hour by hour, trying everything. */
function leastUndone(hoursFree: string[][], left: readonly number[], keys: string[]): number {
  const [can, ...rest] = hoursFree;
  const undone = left.reduce((sum, one) => sum + one, 0);
  if (can === undefined || undone === 0) return undone;
  const tries = keys.flatMap((key, index) =>
    can.includes(key) && left[index]! > 0
      ? [
          leastUndone(
            rest,
            left.map((one, at) => (at === index ? one - 1 : one)),
            keys,
          ),
        ]
      : [],
  );
  return tries.length === 0 ? leastUndone(rest, left, keys) : Math.min(...tries);
}

test('a spread is the total exactly, and no part is off by more than a hundredth', () => {
  expect(spreadHours(100, [5, 5, 5])).toEqual([33.33, 33.34, 33.33]);
  expect(spreadHours(10, [0, 0])).toEqual([0, 0]);
  expect(spreadHours(10, [])).toEqual([]);
  fc.assert(
    fc.property(fc.nat(100_000), fc.array(fc.nat(5), { minLength: 1, maxLength: 20 }), (hundredths, weights) => {
      const sum = weights.reduce((all, one) => all + one, 0);
      const parts = spreadHours(hundredths / 100, weights).map((part) => Math.round(part * 100));
      expect(parts.reduce((all, one) => all + one, 0)).toBe(sum === 0 ? 0 : hundredths);
      parts.forEach((part, index) => {
        if (sum > 0) expect(Math.abs(part - (hundredths * weights[index]!) / sum)).toBeLessThanOrEqual(1);
      });
    }),
  );
});
