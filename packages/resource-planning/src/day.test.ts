import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  dayCount,
  dayNumber,
  dayOf,
  daysFrom,
  eachDay,
  firstOfMonth,
  isDay,
  mondayOf,
  overlap,
  someDay,
  weekday,
} from './day.js';

const day = fc.integer({ min: -10_000, max: 40_000 }).map(dayOf);

describe('days', () => {
  test('2026-11-23 is the Monday of its own week', () => {
    expect(weekday('2026-11-23')).toBe(1);
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
    expect(weekday('1969-12-28')).toBe(0);
  });

  test.each(['2026-02-30', '2026-13-01', '2026-1-1', 'soon', '2026-11-23T00:00:00Z', ''])('%p is no day', (text) => {
    expect(isDay(text)).toBe(false);
    expect(() => dayNumber(text)).toThrow(expect.objectContaining({ code: 'bad-day' }));
  });

  test('a day on which clocks change is one day', () => {
    expect(daysFrom('2026-03-28', '2026-03-30')).toBe(2);
    expect(eachDay({ from: '2026-10-24', to: '2026-10-26' })).toEqual(['2026-10-24', '2026-10-25', '2026-10-26']);
  });

  test('29 February is a day in leap years, and a reversed range has no days', () => {
    expect([isDay('2028-02-29'), isDay('2026-02-29')]).toEqual([true, false]);
    expect(eachDay({ from: '2026-12-30', to: '2027-01-01' })).toEqual(['2026-12-30', '2026-12-31', '2027-01-01']);
    expect(eachDay({ from: '2026-12-30', to: '2026-12-29' })).toEqual([]);
  });

  test('a month step is clamped to the last day of a shorter month', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2024-01-31', 1)).toBe('2024-02-29');
    expect(addMonths('2026-03-31', -1)).toBe('2026-02-28');
    expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
  });

  test('the year 26 is not 1926', () => {
    expect(firstOfMonth('0026-11-15', 1)).toBe('0026-12-01');
    expect(addMonths('0026-01-31', 1)).toBe('0026-02-28');
  });

  test('looking for a day stops at the first that fits', () => {
    const asked: string[] = [];
    const isTuesday = (one: string) => asked.push(one) > 0 && weekday(one) === 2;
    expect(someDay({ from: '2026-11-23', to: '9999-12-31' }, isTuesday)).toBe(true);
    expect(asked).toEqual(['2026-11-23', '2026-11-24']);
    expect(someDay({ from: '2026-11-25', to: '2026-11-28' }, isTuesday)).toBe(false);
  });

  test('every day survives the way to its number and back', () => {
    fc.assert(fc.property(day, (a) => dayOf(dayNumber(a)) === a && isDay(a)));
  });

  test('days sort as text', () => {
    fc.assert(fc.property(day, fc.integer({ min: 1, max: 5000 }), (a, n) => a < addDays(a, n)));
  });

  test('an overlap lies in both ranges, whichever comes first', () => {
    const range = fc.tuple(day, fc.nat(60)).map(([from, length]) => ({ from, to: addDays(from, length) }));
    fc.assert(
      fc.property(range, range, (a, b) => {
        const both = overlap(a, b);
        expect(both).toEqual(overlap(b, a));
        const shared = eachDay(a).filter((one) => eachDay(b).includes(one));
        expect(both === undefined ? 0 : dayCount(both)).toBe(shared.length);
      }),
      { numRuns: 50 },
    );
  });
});
