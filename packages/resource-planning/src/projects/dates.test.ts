import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someDay, someSpan } from '../../test/support/arbitraries.js';
import { eachDay } from '../day.js';
import { type Block, occupiedDays, stepOfCode } from '../recurrence.js';
import { dayOfTimestamp, lastDayOf, projectSpan } from './dates.js';

const block = (from: string, to: string, over: Partial<Block> = {}): Block => ({ from, to, ...over });

describe('when a project runs', () => {
  const parts = [block('2026-03-02', '2026-03-06'), block('2026-02-10', '2026-02-12')];
  test('from its earliest to its latest part, unless set by hand', () => {
    expect(projectSpan({}, parts)).toEqual({ start: '2026-02-10', end: '2026-03-06' });
    expect(projectSpan({ end: '2026-02-28' }, parts)).toEqual({ start: '2026-02-10', end: '2026-02-28' });
    expect(projectSpan({ start: '2026-03-01' }, parts)).toEqual({ start: '2026-03-01', end: '2026-03-06' });
    expect(projectSpan({}, [])).toEqual({ start: undefined, end: undefined });
  });

  test('without an end where work repeats for ever', () => {
    const forever = block('2026-01-01', '2026-01-01', { repeat: stepOfCode(1) });
    expect(projectSpan({}, [...parts, forever])).toEqual({ start: '2026-01-01', end: undefined });
  });
});

describe('the last day of a series', () => {
  test.each([
    ['2024-02-29', '2024-02-29', 9, '2028-12-31', '2028-02-29'],
    ['2026-01-31', '2026-01-31', 2, '2026-04-29', '2026-03-31'],
    ['2026-01-05', '2026-01-09', 1, '2026-01-13', '2026-01-13'],
    ['2026-01-05', '2026-01-09', 1, '2026-01-07', '2026-01-09'],
    ['2026-01-05', '2026-01-09', 1, '2026-01-11', '2026-01-09'],
  ])('from %s to %s by code %d until %s is %s', (from, to, code, repeatUntil, last) => {
    expect(lastDayOf(block(from, to, { repeat: stepOfCode(code), repeatUntil }))).toBe(last);
  });

  test('is the last day it takes', () => {
    fc.assert(
      fc.property(someSpan, fc.integer({ min: 0, max: 9 }), someDay, (span, code, repeatUntil) => {
        const series = { ...span, repeat: stepOfCode(code), repeatUntil };
        const days = occupiedDays(series, { from: span.from, to: '2026-12-31' });
        expect(lastDayOf(series)).toBe(days.at(-1));
        expect(days.length).toBeGreaterThanOrEqual(eachDay(span).length);
      }),
    );
  });
});

test('a milestone may carry a time', () => {
  expect(dayOfTimestamp('2026-11-23 09:30')).toBe('2026-11-23');
  expect(dayOfTimestamp('2026-11-23')).toBe('2026-11-23');
});
