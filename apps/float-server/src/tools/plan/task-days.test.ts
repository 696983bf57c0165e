import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { calendarOf, workDays } from 'resource-planning';
import { type Kit, openKit, TODAY } from '../testing/kit.js';
import { readPlan } from './read.js';

const RANGE = { from: '2026-10-01', to: '2027-03-31' };

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true });
});
afterAll(() => kit.close());

test('the working days of every seeded allocation are those Float itself gives as task_days', async () => {
  const { signal } = new AbortController();
  const call = { api: kit.api, today: () => TODAY, signal, progress: async () => {} };
  const plan = await readPlan(call, RANGE, { placeholders: true });
  let compared = 0;
  for (const person of plan.people) {
    // The sandbox asks the hours of today for every day, we ask those in force on it.
    if (person.hours.length > 1) continue;
    const calendar = calendarOf(person, plan, RANGE);
    const query = { people_id: person.id, start_date: RANGE.from, end_date: RANGE.to, expand: 'task_days' };
    for (const record of await kit.api.listAll('allocations', query)) {
      const allocation = plan.allocations.find(({ id }) => id === record.task_id)!;
      const ours = workDays(allocation, calendar, RANGE);
      // Work that was put on a day off on purpose is no working day to Float; we count it, as its reports do.
      const regular = ours.filter((day) => calendar.normalHours(day) > 0 && calendar.holiday(day) === undefined);
      expect([record.task_id, regular.sort()]).toEqual([record.task_id, record.task_days]);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(50);
});
