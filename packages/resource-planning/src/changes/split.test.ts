import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someSpan, someWork } from '../../test/support/arbitraries.js';
import { calendarOf } from '../calendar.js';
import { addDays, type DayRange, overlap } from '../day.js';
import { type Block, stepOfCode } from '../recurrence.js';
import type { Allocation, Holiday, Person } from '../types.js';
import { workDays } from '../work.js';
import { splitBlock, splitReach } from './split.js';

const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] }] };
const EVER = { from: '2024-01-01', to: '2036-12-31' };
const bare = calendarOf(ann, { holidays: [], leave: [] }, EVER);
const work = (over: Partial<Allocation>): Allocation => ({
  id: 1,
  personIds: [1],
  hoursPerDay: 4,
  status: 'confirmed',
  from: '2024-02-26',
  to: '2024-03-01',
  ...over,
});
const dates = (blocks: readonly Block[]) => blocks.map(({ from, to, repeat }) => [from, to, repeat?.count]);

describe('cutting an allocation', () => {
  test('in the middle of a week, over the leap day', () => {
    const parts = splitBlock(work({}), bare, { from: '2024-02-28', to: '2024-02-29' });
    expect([parts.before, parts.inside, parts.after].map(dates)).toEqual([
      [['2024-02-26', '2024-02-27', undefined]],
      [['2024-02-28', '2024-02-29', undefined]],
      [['2024-03-01', '2024-03-01', undefined]],
    ]);
  });

  test('a part of nothing but a weekend is nothing: alone it would become work on a weekend', () => {
    const twoWeeks = work({ to: '2024-03-08' });
    const parts = splitBlock(twoWeeks, bare, { from: '2024-03-02', to: '2024-03-03' });
    expect(parts.inside).toEqual([]);
    expect(dates(parts.before)).toEqual([['2024-02-26', '2024-03-01', undefined]]);
    expect(dates(parts.after)).toEqual([['2024-03-04', '2024-03-08', undefined]]);
  });

  test('a weekly series ends before the cut and goes on after it', () => {
    const weekly = work({ from: '2024-02-06', to: '2024-02-06', repeat: stepOfCode(1), repeatUntil: '2024-04-30' });
    const parts = splitBlock(weekly, bare, { from: '2024-02-26', to: '2024-03-03' });
    expect(parts.before).toMatchObject([{ from: '2024-02-06', repeatUntil: '2024-02-25' }]);
    expect(dates(parts.inside)).toEqual([['2024-02-27', '2024-02-27', undefined]]);
    expect(parts.after).toMatchObject([{ from: '2024-03-05', to: '2024-03-05', repeatUntil: '2024-04-30' }]);
  });

  test('a series on the 31st does not become one on the 30th', () => {
    const monthly = work({ from: '2024-01-31', to: '2024-01-31', repeat: stepOfCode(2), repeatUntil: '2024-08-31' });
    const parts = splitBlock(monthly, bare, { from: '2024-03-25', to: '2024-04-05' });
    expect(dates(parts.after)).toEqual([
      ['2024-04-30', '2024-04-30', undefined],
      ['2024-05-31', '2024-05-31', 1],
    ]);
  });

  test('the first block of a series is whole, also where a repetition in it is cut off', () => {
    const idle = { ...ann, hours: [{ from: '1970-01-01', hours: [0, 0, 0, 0, 0, 0, 0] as const }] };
    const calendar = calendarOf(idle, { holidays: [], leave: [] }, EVER);
    const weekly = work({ from: '2023-12-29', to: '2024-01-06', repeat: stepOfCode(1), repeatUntil: '2024-01-05' });
    const parts = splitBlock(weekly, calendar, { from: '2023-12-29', to: '2023-12-29' });
    expect(parts.after.at(-1)?.to).toBe('2024-01-06');
  });

  test('a range that misses it leaves all of it on one side', () => {
    const parts = splitBlock(work({}), bare, { from: '2024-01-01', to: '2024-01-07' });
    expect([parts.before, parts.inside, dates(parts.after)]).toEqual([
      [],
      [],
      [['2024-02-26', '2024-03-01', undefined]],
    ]);
  });
});

test('a split preserves the working days, each in its part and once', () => {
  fc.assert(
    fc.property(somePlan, someWork, someSpan, (plan, any, cut) => {
      const person = plan.people[0]!;
      const allocation = { ...any, personIds: [person.id] };
      const window = { from: '2023-06-01', to: '2024-12-31' };
      const calendar = calendarOf(person, plan, window);
      const parts = splitBlock(allocation, calendar, cut);
      const daysOf = (blocks: readonly Block[]) =>
        blocks
          .flatMap((block) =>
            workDays({ ...allocation, repeat: undefined, repeatUntil: undefined, ...block }, calendar, window),
          )
          .sort();
      const original = (within: DayRange) => workDays(allocation, calendar, within).sort();
      expect(daysOf(parts.before)).toEqual(original({ from: window.from, to: addDays(cut.from, -1) }));
      expect(daysOf(parts.inside)).toEqual(original(cut));
      expect(daysOf(parts.after)).toEqual(original({ from: addDays(cut.to, 1), to: window.to }));
    }),
    { numRuns: 400 },
  );
});

describe('the reach of a cut', () => {
  test.each([
    ['a single block: itself and the range', {}, { from: '2024-02-26', to: '2024-03-05' }],
    [
      'a series that ends: up to its end',
      { repeat: stepOfCode(9), repeatUntil: '2027-06-30' },
      { from: '2024-02-26', to: '2027-06-30' },
    ],
    // The day after the cut, 366 days for its step, 4 for its length.
    [
      'an endless weekly series: a year, and the length of a block',
      { repeat: stepOfCode(1) },
      { from: '2024-02-26', to: '2025-03-11' },
    ],
  ])('%s', (_what, over, reach) => {
    expect(splitReach(work(over), { from: '2024-02-28', to: '2024-03-05' })).toEqual(reach);
  });

  test('no holiday outside it changes the cut', () => {
    fc.assert(
      fc.property(somePlan, someWork, someSpan, (plan, any, cut) => {
        const person = plan.people[0]!;
        const allocation = { ...any, personIds: [person.id] };
        const reach = splitReach(allocation, cut);
        const near = plan.holidays.filter((holiday) => overlap(holiday, reach) !== undefined);
        const far = [
          { name: 'before', from: addDays(reach.from, -40), to: addDays(reach.from, -1) },
          { name: 'after', from: addDays(reach.to, 1), to: addDays(reach.to, 4000) },
        ];
        const cutWith = (holidays: readonly Holiday[]) =>
          splitBlock(allocation, calendarOf(person, { holidays, leave: [] }, cut), cut);
        expect(cutWith([...near, ...far])).toEqual(cutWith(near));
      }),
      { numRuns: 200 },
    );
  });
});
