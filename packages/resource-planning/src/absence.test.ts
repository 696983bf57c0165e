import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange } from '../test/support/arbitraries.js';
import { absenceDays } from './absence.js';
import { normalHours } from './calendar.js';
import { eachDay } from './day.js';
import { occupiedDays } from './recurrence.js';
import type { Leave, Person } from './types.js';
import { workload } from './workload.js';

const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] }] };
const WEEK = { from: '2026-11-23', to: '2026-11-29' };
const leave = (over: Partial<Leave>): Leave => ({ personIds: [1], confirmed: true, ...WEEK, ...over });

describe('absences', () => {
  test('a week off takes 5 days of 8 hours, and names the weekend without hours', () => {
    const days = absenceDays({ people: [ann], holidays: [], leave: [leave({})] }, WEEK);
    expect(days.map(({ confirmedHours }) => confirmedHours)).toEqual([8, 8, 8, 8, 8, 0, 0]);
  });

  test('leave that overlaps takes no more than the day, and a holiday is off anyway', () => {
    const both = [leave({ hoursPerDay: 5 }), leave({ hoursPerDay: 6 }), leave({ confirmed: false })];
    const holidays = [{ name: 'Team', from: '2026-11-24', to: '2026-11-24' }];
    const days = absenceDays({ people: [ann], holidays, leave: both }, { from: '2026-11-23', to: '2026-11-24' });
    expect(days.map(({ confirmedHours, tentativeHours }) => [confirmedHours, tentativeHours])).toEqual([
      [8, 0],
      [0, 0],
    ]);
  });

  test('tentative leave counts separately, with the hours it would add', () => {
    const both = [leave({ hoursPerDay: 2 }), leave({ confirmed: false, hoursPerDay: 3 })];
    const [day] = absenceDays({ people: [ann], holidays: [], leave: both }, WEEK);
    expect(day).toMatchObject({ confirmedHours: 2, tentativeHours: 3 });
  });

  test('every day with leave is there once, and confirmed hours are those that capacity loses', () => {
    fc.assert(
      fc.property(somePlan, someRange, (plan, range) => {
        const days = absenceDays(plan, range);
        const expected = plan.people.flatMap(({ id }) =>
          eachDay(range)
            .filter((day) =>
              plan.leave.some(
                (one) => one.personIds.includes(id) && occupiedDays(one, { from: day, to: day }).length > 0,
              ),
            )
            .map((day) => `${id} ${day}`),
        );
        expect(days.map(({ person, day }) => `${person.id} ${day}`)).toEqual(expected);
        const idle = workload({ ...plan, allocations: [] }, range, { includeTentative: false });
        for (const { person, day, confirmedHours, tentativeHours } of days) {
          const lost = idle.find((row) => row.person.id === person.id)?.days.find((one) => one.day === day)?.timeOff;
          expect(confirmedHours).toBe(lost);
          expect(tentativeHours).toBeGreaterThanOrEqual(0);
          expect(confirmedHours + tentativeHours).toBeLessThanOrEqual(normalHours(person, day));
        }
      }),
      { numRuns: 50 },
    );
  });
});
