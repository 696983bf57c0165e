import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contains, dayCount, dayOf, weekday } from './day.js';
import { parseRange, RANGE_EXAMPLES } from './range.js';

/** A Wednesday in the middle of a quarter: 1 November is a Sunday, the week runs from the 23rd to the 29th. */
const TODAY = '2026-11-25';

describe('ranges in words', () => {
  test.each([
    ['today', '2026-11-25', '2026-11-25'],
    ['tomorrow', '2026-11-26', '2026-11-26'],
    ['yesterday', '2026-11-24', '2026-11-24'],
    ['this week', '2026-11-23', '2026-11-29'],
    ['next week', '2026-11-30', '2026-12-06'],
    ['last week', '2026-11-16', '2026-11-22'],
    ['this month', '2026-11-01', '2026-11-30'],
    ['next month', '2026-12-01', '2026-12-31'],
    ['last month', '2026-10-01', '2026-10-31'],
    ['this quarter', '2026-10-01', '2026-12-31'],
    ['next quarter', '2027-01-01', '2027-03-31'],
    ['last quarter', '2026-07-01', '2026-09-30'],
    ['this year', '2026-01-01', '2026-12-31'],
    ['next 2 weeks', '2026-11-25', '2026-12-08'],
    ['the next 10 days', '2026-11-25', '2026-12-04'],
    ['next 1 month', '2026-11-25', '2026-12-24'],
    ['last 7 days', '2026-11-19', '2026-11-25'],
    ['past 2 weeks', '2026-11-12', '2026-11-25'],
    ['2026-11-23', '2026-11-23', '2026-11-23'],
    ['2026-11-23..2026-12-04', '2026-11-23', '2026-12-04'],
    ['2026-11-23 to 2026-12-04', '2026-11-23', '2026-12-04'],
    ['from 2026-11-23 to 2026-12-04', '2026-11-23', '2026-12-04'],
    ['2026-11-23/2026-12-04', '2026-11-23', '2026-12-04'],
    ['2026-W48', '2026-11-23', '2026-11-29'],
    // 4 January 2021 is a Monday, so week 53 of 2020 holds 1 January 2021.
    ['2020-W53', '2020-12-28', '2021-01-03'],
    ['2026-W01', '2025-12-29', '2026-01-04'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['  Next   WEEK ', '2026-11-30', '2026-12-06'],
  ])('%p is %s to %s', (text, from, to) => {
    expect(parseRange(text, TODAY)).toEqual({ from, to });
  });

  test('on a Sunday, this week is the week that ends today', () => {
    expect(parseRange('this week', '2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
    expect(parseRange('next week', '2026-11-29')).toEqual({ from: '2026-11-30', to: '2026-12-06' });
  });

  test.each([
    '',
    'soonish',
    'next 0 days',
    '2026-02-30',
    '2026-02-30..2026-03-01',
    '2026-W54',
    '2021-W53',
    '2026-W00',
    '2026-13',
  ])('%p is refused with examples', (text) => {
    const call = () => parseRange(text, TODAY);
    expect(call).toThrow(expect.objectContaining({ code: 'unknown-range' }));
    for (const example of RANGE_EXAMPLES) expect(call).toThrow(example);
  });

  test('a range that ends before it starts says so', () => {
    expect(() => parseRange('2026-12-04..2026-11-23', TODAY)).toThrow(
      expect.objectContaining({ code: 'range-reversed' }),
    );
  });

  test('a range is bounded', () => {
    expect(() => parseRange('next 9999 weeks', TODAY)).toThrow(expect.objectContaining({ code: 'range-too-long' }));
    expect(dayCount(parseRange('2025-01-01..2027-01-02', TODAY))).toBe(732);
  });

  test('the examples of the error message are all understood', () => {
    for (const example of RANGE_EXAMPLES) expect(() => parseRange(example, TODAY)).not.toThrow();
  });

  test('whatever today is: weeks start on Monday and hold it, months and quarters start on the first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }).map(dayOf), (today) => {
        const week = parseRange('this week', today);
        expect([weekday(week.from), dayCount(week), contains(week, today)]).toEqual([1, 7, true]);
        for (const unit of ['month', 'quarter', 'year']) {
          const range = parseRange(`this ${unit}`, today);
          const next = parseRange(`next ${unit}`, today);
          expect([range.from.slice(8), contains(range, today)]).toEqual(['01', true]);
          expect(dayCount({ from: range.to, to: next.from })).toBe(2);
        }
      }),
      { numRuns: 200 },
    );
  });
});
