import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someDay, someRange } from '../../test/support/arbitraries.js';
import { addDays, eachDay } from '../day.js';
import { compare, decimalOf, numberOf, sumOf, times } from '../money/decimal.js';
import { burnByWeek, burnOf, pacePerWeek, runOutAtPace, runOutOf } from './burn.js';

const use = (day: string, amount: number) => ({ day, amount: decimalOf(amount) });
const someUses = fc.array(
  fc.tuple(someDay, fc.nat(40)).map(([day, amount]) => use(day, amount)),
  { maxLength: 12 },
);

describe('run-out', () => {
  const uses = [use('2026-11-25', 5), use('2026-11-23', 4), use('2026-11-24', 6), use('2026-11-26', 0)];
  test.each([
    [9, '2026-11-24', '2026-11-24'],
    [10, '2026-11-24', '2026-11-25'],
    [15, '2026-11-25', undefined],
    [16, undefined, undefined],
    [0, '2026-11-23', '2026-11-23'],
    [-5, '2026-11-23', '2026-11-23'],
    [undefined, undefined, undefined],
  ])('a budget of %p is used up on %p and exceeded on %p', (total, usedUpOn, exceededOn) => {
    const found = runOutOf(total === undefined ? undefined : decimalOf(total), uses);
    expect([found.usedUpOn, found.exceededOn]).toEqual([usedUpOn, exceededOn]);
  });

  test('is the first day whose sum so far reaches the total', () => {
    fc.assert(
      fc.property(someUses, fc.integer({ min: 1, max: 150 }), (all, total) => {
        const days = all.map(({ day }) => day).sort();
        const upTo = (day: string) => all.reduce((sum, one) => (one.day <= day ? sum + numberOf(one.amount) : sum), 0);
        const found = runOutOf(decimalOf(total), all);
        expect(found.usedUpOn).toBe(days.find((day) => upTo(day) >= total));
        expect(found.exceededOn).toBe(days.find((day) => upTo(day) > total));
      }),
    );
  });

  test.each([
    [70, 70, '2026-11-29'],
    [71, 70, '2026-11-30'],
    [1, 70, '2026-11-23'],
    [0, 70, '2026-11-23'],
    [-1, 70, '2026-11-23'],
    [70, 0, undefined],
    [70, -1, undefined],
    [1_000_000, 1, undefined],
  ])('%d left at %d a week lasts until %p', (left, pace, day) => {
    expect(runOutAtPace(decimalOf(left), decimalOf(pace), '2026-11-23')).toBe(day);
  });

  test('at a pace, the day found is the first on which nothing is left', () => {
    fc.assert(
      fc.property(someDay, fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 300 }), (from, left, pace) => {
        let days = 1;
        while (days * pace < left * 7) days += 1;
        const expected = days > 3660 ? undefined : addDays(from, days - 1);
        expect(runOutAtPace(decimalOf(left), decimalOf(pace), from)).toBe(expected);
      }),
    );
  });
});

test('spent and committed are the whole, and so are the weeks of a range', () => {
  fc.assert(
    fc.property(someUses, someRange, someDay, (uses, range, today) => {
      const { spent, committed } = burnOf(uses, today);
      expect(sumOf([spent, committed])).toEqual(sumOf(uses.map(({ amount }) => amount)));
      const inside = uses.filter(({ day }) => eachDay(range).includes(day)).map(({ amount }) => amount);
      expect(sumOf(burnByWeek(uses, range).map(({ used }) => used))).toEqual(sumOf(inside));
      const mean = (numberOf(sumOf(inside)) * 7) / eachDay(range).length;
      expect(numberOf(pacePerWeek(uses, range))).toBeCloseTo(mean, 5);
    }),
  );
  expect(burnOf([use('2026-11-23', 1)], '2026-11-23').spent).toEqual(decimalOf(0));
  expect(compare(times(decimalOf(2), decimalOf(3)), decimalOf(6))).toBe(0);
});
