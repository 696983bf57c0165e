import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, contains, dayOf, eachDay, earlier, firstOfMonth } from './day.js';
import { type Block, occupiedDays, occurrences, stepOfCode } from './recurrence.js';

const YEAR = { from: '2026-01-01', to: '2026-12-31' };
const day = fc.integer({ min: 20_000, max: 22_000 }).map(dayOf);
const range = fc.tuple(day, fc.nat(400)).map(([from, length]) => ({ from, to: addDays(from, length) }));
const block = fc
  .record({
    from: day,
    length: fc.nat(40),
    code: fc.integer({ min: 0, max: 9 }),
    until: fc.option(day, { nil: undefined }),
  })
  .map(
    ({ from, length, code, until }): Block => ({
      from,
      to: addDays(from, length),
      repeat: stepOfCode(code),
      repeatUntil: until,
    }),
  );

describe('recurrence', () => {
  test('a block that does not repeat occurs once', () => {
    expect(occurrences({ from: '2026-03-02', to: '2026-03-04' }, YEAR)).toEqual([
      { from: '2026-03-02', to: '2026-03-04' },
    ]);
  });

  test('a weekly block keeps its length and is cut off at the end of the series', () => {
    const weekly: Block = { from: '2026-03-02', to: '2026-03-03', repeat: stepOfCode(1), repeatUntil: '2026-03-16' };
    expect(occupiedDays(weekly, YEAR)).toEqual(['2026-03-02', '2026-03-03', '2026-03-09', '2026-03-10', '2026-03-16']);
  });

  test('the first block is whole even where the series ends within it', () => {
    const weekly: Block = { from: '2026-03-02', to: '2026-03-05', repeat: stepOfCode(1), repeatUntil: '2026-03-03' };
    expect(occurrences(weekly, YEAR)).toEqual([{ from: '2026-03-02', to: '2026-03-05' }]);
  });

  test('months are clamped from the original start: the 31st comes back after February', () => {
    const monthly: Block = { from: '2026-01-31', to: '2026-01-31', repeat: stepOfCode(2), repeatUntil: '2026-05-31' };
    expect(occupiedDays(monthly, YEAR)).toEqual(['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31']);
  });

  test.each([
    [3, '2026-01-19'],
    [4, '2026-01-26'],
    [5, '2026-02-16'],
    [6, '2026-03-05'],
    [7, '2026-04-05'],
    [8, '2026-07-05'],
    [9, '2027-01-05'],
  ])('code %d comes back on %s', (code, second) => {
    const once = { from: '2026-01-05', to: '2026-01-05', repeat: stepOfCode(code) };
    expect(occupiedDays(once, { from: '2026-01-05', to: '2027-01-05' })[1]).toBe(second);
  });

  test('an occurrence that began before the range reaches into it', () => {
    const weekly: Block = { from: '2020-01-03', to: '2020-01-06', repeat: stepOfCode(1) };
    // 2020-01-03 is a Friday; each block runs to the following Monday.
    expect(occupiedDays(weekly, { from: '2026-11-23', to: '2026-11-26' })).toEqual(['2026-11-23']);
  });

  test('an unknown code does not repeat', () => {
    expect(stepOfCode(0)).toBeUndefined();
    expect(stepOfCode(null)).toBeUndefined();
    expect(stepOfCode(42)).toBeUndefined();
  });

  test('no day ever leaves the range, and none comes twice', () => {
    fc.assert(
      fc.property(block, range, (one, within) => {
        const days = occupiedDays(one, within);
        expect(days.every((each) => contains(within, each))).toBe(true);
        expect(new Set(days).size).toBe(days.length);
      }),
    );
  });

  test('looking at a part gives the same days as looking at the whole', () => {
    fc.assert(
      fc.property(block, range, fc.nat(400), (one, whole, cut) => {
        const first = { from: whole.from, to: addDays(whole.from, cut) };
        const second = { from: addDays(whole.from, cut + 1), to: addDays(whole.to, cut + 1) };
        const both = { from: first.from, to: second.to };
        expect([...occupiedDays(one, first), ...occupiedDays(one, second)]).toEqual(occupiedDays(one, both));
      }),
    );
  });

  test('every monthly start is on the original day of the month, or on the last day of a shorter month', () => {
    const monthly = fc.record({ from: day, code: fc.constantFrom(2, 6, 7, 8, 9) });
    fc.assert(
      fc.property(monthly, range, ({ from, code }, within) => {
        for (const start of occupiedDays({ from, to: from, repeat: stepOfCode(code) }, within)) {
          const lastOfMonth = addDays(firstOfMonth(start, 1), -1);
          expect(start.slice(8) === from.slice(8) || (start === lastOfMonth && start.slice(8) < from.slice(8))).toBe(
            true,
          );
        }
      }),
    );
  });

  test('skipping ahead finds what counting from the start finds', () => {
    fc.assert(
      fc.property(block, range, (one, within) => {
        const fromTheStart = { from: earlier(one.from, within.from), to: within.to };
        const counted = eachDay(within).filter((each) => occupiedDays(one, fromTheStart).includes(each));
        expect(occupiedDays(one, within)).toEqual(counted);
      }),
      { numRuns: 12 },
    );
  });
});
