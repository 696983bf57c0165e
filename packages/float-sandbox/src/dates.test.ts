import { describe, expect, test } from '@jest/globals';
import { addDays, addMonths, daysBetween, eachDay, isDate, mondayOf } from './dates.js';

describe('dates', () => {
  test.each([
    ['2026-11-25', true],
    ['2028-02-29', true],
    ['2026-02-29', false],
    ['2026-11-5', false],
    ['2026-11-25T00:00', false],
    ['', false],
  ])('isDate %j is %j', (text, expected) => {
    expect(isDate(text)).toBe(expected);
  });

  test('months end where they end', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-01-31', 2)).toBe('2026-03-31');
    expect(addMonths('2026-11-30', 3)).toBe('2027-02-28');
  });

  test('days cross months, years and clock changes', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-03-01', '2026-04-01')).toBe(31);
    expect(eachDay('2026-12-30', '2027-01-02')).toEqual(['2026-12-30', '2026-12-31', '2027-01-01', '2027-01-02']);
    expect(eachDay('2026-12-30', '2026-12-29')).toEqual([]);
  });

  test('a week begins on Monday', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  });
});
