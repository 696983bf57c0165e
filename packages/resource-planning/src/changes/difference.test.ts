import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange, someWork } from '../../test/support/arbitraries.js';
import { workload } from '../workload.js';
import { changedDays } from './difference.js';

test('the changed days are those that differ, and nothing changes by itself', () => {
  fc.assert(
    fc.property(somePlan, someWork, someRange, (plan, added, range) => {
      const options = { includeTentative: true };
      expect(changedDays(plan, plan, range, options)).toEqual([]);
      const after = { ...plan, allocations: [...plan.allocations, added] };
      const found = changedDays(plan, after, range, options);
      const hours = (all: { allocations: readonly { hoursPerDay: number }[] } & typeof plan) =>
        workload(all, range, options).flatMap(({ days }) => days.map(({ scheduled }) => scheduled));
      const [was, is] = [hours(plan), hours(after)];
      const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
      expect(sum(found.map((one) => one.after.scheduled - one.before.scheduled))).toBeCloseTo(sum(is) - sum(was), 6);
      expect(found.every(({ person }) => added.personIds.includes(person.id))).toBe(true);
      if (added.status === 'cancelled') expect(found).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('leave changes capacity, also on a day without work', () => {
  const day = { from: '2026-11-23', to: '2026-11-23' };
  const ann = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] as const }] };
  const plan = { people: [ann], allocations: [], leave: [], holidays: [] };
  const after = { ...plan, leave: [{ personIds: [1], confirmed: true, hoursPerDay: 3, ...day }] };
  const [found] = changedDays(plan, after, day, { includeTentative: false });
  expect([found?.before.capacity, found?.after.capacity]).toEqual([8, 5]);
});
