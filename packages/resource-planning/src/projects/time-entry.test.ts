import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange } from '../../test/support/arbitraries.js';
import { calendarOf } from '../calendar.js';
import { eachDay, weekday } from '../day.js';
import type { Plan } from '../types.js';
import { counts, workDays } from '../work.js';
import { type ProjectWork, scheduledTime } from './time-entry.js';

const WEEK = { from: '2024-02-26', to: '2024-03-03' };
const work: ProjectWork = {
  id: 1,
  personIds: [],
  hoursPerDay: 6,
  status: 'confirmed',
  projectId: 1,
  billable: true,
  ...WEEK,
};
const planOf = (...allocations: ProjectWork[]): Plan<ProjectWork> => ({
  people: [],
  allocations,
  leave: [],
  holidays: [],
});

describe('planned hours as entries', () => {
  test('work without a person takes place on the working days of the account, once', () => {
    const entries = scheduledTime(planOf(work), WEEK, { includeTentative: false });
    expect(entries.map(({ day }) => weekday(day))).toEqual([1, 2, 3, 4, 5]);
    expect(entries[3]).toMatchObject({ day: '2024-02-29', personId: undefined, hours: 6, tentative: false });
    const fourDays = scheduledTime(planOf(work), WEEK, { includeTentative: false, accountWeek: [0, 9, 9, 9, 9, 0, 0] });
    expect(fourDays).toHaveLength(4);
  });

  test('team holidays apply to unassigned work, public ones do not: it has no region', () => {
    const holidays = [
      { name: 'Team', from: '2024-02-27', to: '2024-02-27' },
      { name: 'Public', from: '2024-02-28', to: '2024-02-28', region: 7 },
    ];
    expect(scheduledTime({ ...planOf(work), holidays }, WEEK, { includeTentative: false })).toHaveLength(4);
  });

  test('tentative work is marked where it is counted', () => {
    const plan = planOf({ ...work, status: 'draft' });
    expect(scheduledTime(plan, WEEK, { includeTentative: false })).toEqual([]);
    expect(scheduledTime(plan, WEEK, { includeTentative: true }).every(({ tentative }) => tentative)).toBe(true);
  });

  test('every allocation has its hours on each of its working days, for each of its people', () => {
    fc.assert(
      fc.property(somePlan, someRange, fc.boolean(), (plan, range, includeTentative) => {
        const found = scheduledTime(plan, range, { includeTentative });
        const keys = found.map(
          ({ allocationId, personId, day, hours }) => `${allocationId} ${personId} ${day} ${hours}`,
        );
        const expected = plan.people.flatMap((person) =>
          plan.allocations
            .filter((one) => one.personIds.includes(person.id) && counts(one, includeTentative))
            .flatMap((one) =>
              workDays(one, calendarOf(person, plan, range), range).map(
                (day) => `${one.id} ${person.id} ${day} ${one.hoursPerDay}`,
              ),
            ),
        );
        const assigned = keys.filter((key) => !key.includes('undefined'));
        expect(assigned.sort()).toEqual(expected.sort());
        expect(found.every(({ day }) => eachDay(range).includes(day))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
