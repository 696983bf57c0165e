import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayOf, eachDay, mondayOf } from './day.js';
import { periodsOf } from './periods.js';

test('weeks and months are cut at the ends of the range', () => {
  expect(periodsOf({ from: '2026-11-25', to: '2026-12-08' }, 'week')).toEqual([
    { from: '2026-11-25', to: '2026-11-29' },
    { from: '2026-11-30', to: '2026-12-06' },
    { from: '2026-12-07', to: '2026-12-08' },
  ]);
  expect(periodsOf({ from: '2024-01-31', to: '2024-03-01' }, 'month')).toEqual([
    { from: '2024-01-31', to: '2024-01-31' },
    { from: '2024-02-01', to: '2024-02-29' },
    { from: '2024-03-01', to: '2024-03-01' },
  ]);
  expect(periodsOf({ from: '2026-11-25', to: '2026-11-24' }, 'day')).toEqual([]);
});

test('the periods are the days of the range, each once and in order, and none mixes two weeks or months', () => {
  const range = fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.nat(200));
  fc.assert(
    fc.property(range, fc.constantFrom('day', 'week', 'month'), ([first, length], density) => {
      const whole = { from: dayOf(first), to: addDays(dayOf(first), length) };
      const periods = periodsOf(whole, density);
      expect(periods.flatMap(eachDay)).toEqual(eachDay(whole));
      const keyOf = (day: string) => (density === 'day' ? day : density === 'week' ? mondayOf(day) : day.slice(0, 7));
      const keys = periods.map((period) => new Set(eachDay(period).map(keyOf)));
      expect(keys.every(({ size }) => size === 1)).toBe(true);
      expect(new Set(keys.flatMap((one) => [...one])).size).toBe(periods.length);
    }),
    { numRuns: 50 },
  );
});
