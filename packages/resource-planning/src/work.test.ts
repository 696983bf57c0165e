import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange, someWork } from '../test/support/arbitraries.js';
import { calendarOf } from './calendar.js';
import { eachDay } from './day.js';
import { occurrences } from './recurrence.js';
import type { Allocation, Person } from './types.js';
import { counts, isTentative, workDays } from './work.js';

const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] }] };
const FEBRUARY = { from: '2024-02-01', to: '2024-02-29' };
const block = (from: string, to: string): Allocation => ({
  id: 1,
  personIds: [1],
  hoursPerDay: 4,
  status: 'confirmed',
  from,
  to,
});

describe('days of work', () => {
  test.each([
    ['a week skips its weekend', block('2024-02-22', '2024-02-27'), ['22', '23', '26', '27']],
    ['a weekend alone is on purpose', block('2024-02-24', '2024-02-25'), ['24', '25']],
    ['a holiday in a block is skipped', block('2024-02-28', '2024-02-29'), ['28']],
    ['a holiday alone is on purpose', block('2024-02-29', '2024-02-29'), ['29']],
    ['a day of leave is skipped in any case', block('2024-02-20', '2024-02-20'), []],
  ])('%s', (_title, allocation, days) => {
    const holidays = [{ name: 'Leap day', from: '2024-02-29', to: '2024-02-29' }];
    const leave = [{ personIds: [1], confirmed: true, from: '2024-02-20', to: '2024-02-20' }];
    const calendar = calendarOf(ann, { holidays, leave }, FEBRUARY);
    expect(workDays(allocation, calendar, FEBRUARY).map((day) => day.slice(8))).toEqual(days);
  });

  test('an allocation without an end in sight is judged by its first working day', () => {
    const calendar = calendarOf(ann, { holidays: [], leave: [] }, FEBRUARY);
    expect(workDays(block('2024-02-01', '9999-12-31'), calendar, FEBRUARY)).toHaveLength(21);
  });

  test('are those that a second reading of the rule finds', () => {
    fc.assert(
      fc.property(somePlan, someWork, someRange, (plan, allocation, range) => {
        const calendar = calendarOf(plan.people[0]!, plan, range);
        const shut = (day: string) => calendar.holiday(day) !== undefined;
        const usual = (day: string) => calendar.normalHours(day) > 0 && !shut(day);
        const first = eachDay(allocation);
        const found = new Set<string>();
        for (const one of occurrences(allocation, range)) {
          const isFirst = one.from === allocation.from;
          for (const day of eachDay(one)) {
            if (day < range.from || day > range.to || !Number.isFinite(calendar.leaveHours(day))) continue;
            const offDays = first.every((each) => calendar.normalHours(each) === 0);
            const asked = isFirst ? first.every((each) => !usual(each)) : offDays && !shut(day);
            if (usual(day) || asked) found.add(day);
          }
        }
        expect(workDays(allocation, calendar, range).sort()).toEqual([...found].sort());
      }),
    );
  });
});

test('cancelled work never counts, drafts and tentative work only when asked for', () => {
  const statuses = ['draft', 'tentative', 'confirmed', 'complete', 'cancelled'] as const;
  const all = statuses.map((status) => ({ ...block('2024-02-01', '2024-02-01'), status }));
  expect(all.map((one) => counts(one, false))).toEqual([false, false, true, true, false]);
  expect(all.map((one) => counts(one, true))).toEqual([true, true, true, true, false]);
  expect(all.map(isTentative)).toEqual([true, true, false, false, false]);
});
