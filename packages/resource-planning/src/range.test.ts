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
    // Days, as people write them.
    ['day after tomorrow', '2026-11-27', '2026-11-27'],
    ['2026-11-23T09:00:00Z', '2026-11-23', '2026-11-23'],
    ['2026/11/23', '2026-11-23', '2026-11-23'],
    ['23.11.2026', '2026-11-23', '2026-11-23'],
    ['23 November 2026', '2026-11-23', '2026-11-23'],
    ['November 23, 2026', '2026-11-23', '2026-11-23'],
    ['Nov 23', '2026-11-23', '2026-11-23'],
    ['3rd of January', '2027-01-03', '2027-01-03'],
    ['June 1st', '2026-06-01', '2026-06-01'],
    ['in 3 days', '2026-11-28', '2026-11-28'],
    ['two weeks ago', '2026-11-11', '2026-11-11'],
    // Days of the week: today is a Wednesday.
    ['wednesday', '2026-11-25', '2026-11-25'],
    ['on Friday', '2026-11-27', '2026-11-27'],
    ['this friday', '2026-11-27', '2026-11-27'],
    ['next monday', '2026-11-30', '2026-11-30'],
    ['next wednesday', '2026-12-02', '2026-12-02'],
    ['last friday', '2026-11-20', '2026-11-20'],
    ['monday to friday', '2026-11-30', '2026-12-04'],
    ['fri - mon', '2026-11-27', '2026-11-30'],
    ['this weekend', '2026-11-28', '2026-11-29'],
    ['next weekend', '2026-12-05', '2026-12-06'],
    ['Friday, 4 December', '2026-12-04', '2026-12-04'],
    ['Tue 8 Dec', '2026-12-08', '2026-12-08'],
    ['Thursday, 3 December to Friday, 4 December', '2026-12-03', '2026-12-04'],
    ['mon-fri', '2026-11-30', '2026-12-04'],
    // Weeks.
    ['the coming week', '2026-11-30', '2026-12-06'],
    ['current week', '2026-11-23', '2026-11-29'],
    ['this week and next week', '2026-11-23', '2026-12-06'],
    ['this and next week', '2026-11-23', '2026-12-06'],
    ['week of 2026-12-03', '2026-11-30', '2026-12-06'],
    ['week 50', '2026-12-07', '2026-12-13'],
    ['W2', '2027-01-11', '2027-01-17'],
    ['KW 50 2026', '2026-12-07', '2026-12-13'],
    ['in two weeks', '2026-12-07', '2026-12-13'],
    ['next fortnight', '2026-11-25', '2026-12-08'],
    // Counted.
    ['last 30 days', '2026-10-27', '2026-11-25'],
    ['next five days', '2026-11-25', '2026-11-29'],
    ['over the next 3 months', '2026-11-25', '2027-02-24'],
    ['within 2 weeks', '2026-11-25', '2026-12-08'],
    ['in the past year', '2025-11-26', '2026-11-25'],
    // Months, quarters, halves, years.
    ['December', '2026-12-01', '2026-12-31'],
    ['in october', '2026-10-01', '2026-10-31'],
    ['December 2026', '2026-12-01', '2026-12-31'],
    ['Sept 2027', '2027-09-01', '2027-09-30'],
    ['01/2027', '2027-01-01', '2027-01-31'],
    ['2027', '2027-01-01', '2027-12-31'],
    ['2026-Q4', '2026-10-01', '2026-12-31'],
    ['Q1 2027', '2027-01-01', '2027-03-31'],
    ['Q1', '2027-01-01', '2027-03-31'],
    ['q3', '2026-07-01', '2026-09-30'],
    ['H1 2027', '2027-01-01', '2027-06-30'],
    ['second half of 2026', '2026-07-01', '2026-12-31'],
    ['previous month', '2026-10-01', '2026-10-31'],
    // Open to one side: today is the other.
    ['rest of the month', '2026-11-25', '2026-11-30'],
    ['the rest of this week', '2026-11-25', '2026-11-29'],
    ['until the end of the year', '2026-11-25', '2026-12-31'],
    ['month to date', '2026-11-01', '2026-11-25'],
    ['YTD', '2026-01-01', '2026-11-25'],
    ['since October', '2026-10-01', '2026-11-25'],
    ['since last monday', '2026-11-23', '2026-11-25'],
    ['until Friday', '2026-11-25', '2026-11-27'],
    ['by 2026-12-10', '2026-11-25', '2026-12-10'],
    // Two ends.
    ['2026-11-23 - 2026-12-04', '2026-11-23', '2026-12-04'],
    ['2026-11-23\u20132026-12-04', '2026-11-23', '2026-12-04'],
    ['2026-11-23T00:00:00Z..2026-12-04T23:59:59Z', '2026-11-23', '2026-12-04'],
    ['between 2026-11-23 and 2026-12-04', '2026-11-23', '2026-12-04'],
    ['today to 2026-12-04', '2026-11-25', '2026-12-04'],
    ['from tomorrow until next friday', '2026-11-26', '2026-11-27'],
    ['December to February', '2026-12-01', '2027-02-28'],
    ['Dec 2026 - Jan 2027', '2026-12-01', '2027-01-31'],
    ['Q4 2026 through Q1 2027', '2026-10-01', '2027-03-31'],
    ['2026-11-23 ..2026-12-04', '2026-11-23', '2026-12-04'],
    ['2026-11-23T00:00:00+01:00..2026-12-04', '2026-11-23', '2026-12-04'],
    ['July to September 2027', '2027-07-01', '2027-09-30'],
    ['1 June to 30 June 2027', '2027-06-01', '2027-06-30'],
    ['Q3 to Q4 2027', '2027-07-01', '2027-12-31'],
    ['week 30 to week 32 2027', '2027-07-26', '2027-08-15'],
    ['24 December to 2 January 2027', '2026-12-24', '2027-01-02'],
    ['March to October', '2027-03-01', '2027-10-31'],
    ['since monday', '2026-11-23', '2026-11-25'],
    ['since friday', '2026-11-20', '2026-11-25'],
    ['since March', '2026-03-01', '2026-11-25'],
    ['until June', '2026-11-25', '2027-06-30'],
    ['7-11 December', '2026-12-07', '2026-12-11'],
    ['Dec 7-11, 2026', '2026-12-07', '2026-12-11'],
    ['30 November to 4 December', '2026-11-30', '2026-12-04'],
  ])('%p is %s to %s', (text, from, to) => {
    expect(parseRange(text, TODAY)).toEqual({ from, to });
  });

  test('a month that ends earlier is not a day shorter', () => {
    expect(parseRange('next 1 month', '2027-01-31').to).toBe('2027-02-28');
    expect(parseRange('next 1 year', '2028-02-29').to).toBe('2029-02-28');
    expect(parseRange('next 1 month', '2027-01-15').to).toBe('2027-02-14');
  });

  test('since October is the last one that began', () => {
    expect(parseRange('since October', '2027-05-15').from).toBe('2026-10-01');
    expect(parseRange('since July', '2027-01-01').from).toBe('2026-07-01');
    expect(parseRange('until October', '2026-11-23').to).toBe('2027-10-31');
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
    '31 November 2026',
    // Two days are no range, and nothing after a day is to be guessed.
    '24 December and 31 December',
    '2026-12-01, 2026-12-10',
    'monday and friday',
    '2026-11-23 2026-12-04',
    '2026-11-23 99',
    'this fiscal year',
    '13.13.2026',
    'monday to soon',
    'q5 2026',
    'week 54',
    'toString',
    'constructor 2026',
  ])('%p is refused with examples', (text) => {
    const call = () => parseRange(text, TODAY);
    expect(call).toThrow(expect.objectContaining({ code: 'unknown-range' }));
    for (const example of RANGE_EXAMPLES) expect(call).toThrow(example);
    expect(call).toThrow(`Today is ${TODAY}`);
  });

  test('a reversed range is rejected', () => {
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

  test('on any day: weeks start on Monday and contain it, months and quarters start on the first', () => {
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
