import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange } from '../test/support/arbitraries.js';
import { dayPlans } from './day-plan.js';
import { occupiedDays, stepOfCode } from './recurrence.js';
import { workload } from './workload.js';

const places = [
  { personId: 1, name: 'Home', from: '2024-02-26', to: '2024-02-26', repeat: stepOfCode(1) },
  { personId: 2, name: 'Office', from: '2024-02-01', to: '2024-04-01' },
];

test('a day contains work, leave, holiday and place', () => {
  const monday = { from: '2024-03-04', to: '2024-03-04' };
  const ann = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] as const }], region: 7 };
  const leave = [{ personIds: [1], confirmed: false, ...monday }];
  const allocations = [{ id: 9, personIds: [1], hoursPerDay: 3, status: 'confirmed' as const, ...monday }];
  const holidays = [{ name: 'Ours', region: 7, ...monday }];
  const plan = { people: [], allocations, leave, holidays, places };
  const [day] = dayPlans(ann, plan, monday, { includeTentative: false });
  expect(day).toMatchObject({ capacity: 8, scheduled: 3, holiday: { name: 'Ours' }, places: ['Home'], leave });
});

test('the numbers are those of the workload, the rest is what lies on the day', () => {
  fc.assert(
    fc.property(somePlan, someRange, (plan, range) => {
      const person = plan.people[0]!;
      const days = dayPlans(person, { ...plan, places }, range, { includeTentative: true });
      const row = workload(plan, range, { includeTentative: true })[0]!;
      expect(days.map(({ holiday, leave, places: _, ...rest }) => rest)).toEqual(row.days);
      for (const { day, places: names, leave } of days) {
        const on = { from: day, to: day };
        expect(names).toEqual(occupiedDays(places[0]!, on).length > 0 ? ['Home'] : []);
        expect(leave).toEqual(
          plan.leave.filter((one) => one.personIds.includes(1) && occupiedDays(one, on).length > 0),
        );
      }
    }),
    { numRuns: 50 },
  );
});
