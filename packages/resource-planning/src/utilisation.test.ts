import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someEntry, somePlan, someRange } from '../test/support/arbitraries.js';
import type { ProjectWork } from './projects/time-entry.js';
import type { Person, Plan } from './types.js';
import { sumUtilisation, utilisation, utilisationPercent } from './utilisation.js';

const WEEK = { from: '2026-11-23', to: '2026-11-29' };
const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] }] };
const work = (over: Partial<ProjectWork>): ProjectWork => ({
  id: 1,
  personIds: [1],
  hoursPerDay: 4,
  status: 'confirmed',
  projectId: 1,
  billable: true,
  ...WEEK,
  ...over,
});
const planOf = (over: Partial<Plan<ProjectWork>>): Plan<ProjectWork> => ({
  people: [ann],
  allocations: [],
  leave: [],
  holidays: [],
  ...over,
});
const SURE = { includeTentative: false };
const MONDAY = { from: '2026-11-23', to: '2026-11-23' };
const holidays = [{ name: 'Team', ...MONDAY }];
const logged = (hours: number) => [{ personId: 1, day: MONDAY.from, hours, billable: true }];

describe('a working day that is a holiday, by the examples of Float', () => {
  test.each([
    ['4 hours scheduled', 4, 0, { capacity: 8, scheduled: 4, overtime: 0 }],
    ['4 hours scheduled and logged', 4, 4, { capacity: 8, logged: 4, loggedOvertime: 0 }],
    ['9 hours scheduled', 9, 0, { capacity: 8, scheduled: 9, overtime: 1 }],
    ['9 hours scheduled and logged', 9, 9, { capacity: 8, logged: 9, loggedOvertime: 1 }],
    ['4 hours only logged', 0, 4, { capacity: 0, logged: 4, loggedOvertime: 4 }],
  ])('%s', (_title, planned, done, expected) => {
    const allocations = planned === 0 ? [] : [work({ ...MONDAY, hoursPerDay: planned })];
    expect(utilisation(planOf({ holidays, allocations }), MONDAY, logged(done), SURE)[0]).toMatchObject(expected);
  });

  test('on a day off all is overtime', () => {
    const sunday = { from: '2026-11-29', to: '2026-11-29' };
    const entries = [{ personId: 1, day: sunday.from, hours: 4, billable: false }];
    expect(utilisation(planOf({ allocations: [work(sunday)] }), sunday, entries, SURE)[0]).toMatchObject({
      capacity: 0,
      scheduled: 4,
      overtime: 4,
      logged: 4,
      loggedOvertime: 4,
    });
  });
});

test('a week with a day off, work of three kinds and two entries', () => {
  const allocations = [
    work({}),
    work({ id: 2, billable: false, hoursPerDay: 2 }),
    work({ id: 3, status: 'tentative', hoursPerDay: 1 }),
  ];
  const leave = [{ personIds: [1], confirmed: true, from: '2026-11-27', to: '2026-11-27' }];
  const entries = [...logged(6), { personId: 1, day: '2026-11-24', hours: 2, billable: false }];
  const [row] = utilisation(planOf({ allocations, leave }), WEEK, entries, SURE);
  expect(row).toEqual({
    person: ann,
    capacity: 32,
    scheduled: 24,
    billable: 16,
    nonBillable: 8,
    unscheduled: 8,
    overtime: 0,
    timeOff: 8,
    tentative: 4,
    logged: 8,
    loggedBillable: 6,
    loggedOvertime: 0,
  });
  expect(utilisationPercent(row!)).toEqual({
    scheduled: 75,
    logged: 25,
    billable: 50,
    loggedBillable: 18.8,
    billableOfScheduled: 66.7,
    billableOfLogged: 75,
  });
  const [all] = utilisation(planOf({ allocations, leave }), WEEK, [], { includeTentative: true });
  expect([all?.scheduled, all?.tentative]).toEqual([28, 4]);
});

test('zero hours have no percentage', () => {
  const idle = { ...ann, hours: [{ from: '1970-01-01', hours: [0, 0, 0, 0, 0, 0, 0] as const }] };
  const [row] = utilisation(planOf({ people: [idle] }), WEEK, [], SURE);
  expect(Object.values(utilisationPercent(row!)).every((share) => share === undefined)).toBe(true);
});

test('for any plan the sums agree with each other and with each single day', () => {
  fc.assert(
    fc.property(
      somePlan,
      someRange,
      fc.array(someEntry, { maxLength: 8 }),
      fc.boolean(),
      (plan, range, entries, maybe) => {
        const rows = utilisation(plan, range, entries, { includeTentative: maybe });
        for (const { person, ...row } of rows) {
          expect(row.scheduled - row.overtime + row.unscheduled).toBeCloseTo(row.capacity, 6);
          expect(row.billable + row.nonBillable).toBeCloseTo(row.scheduled, 6);
          expect(row.loggedBillable).toBeLessThanOrEqual(row.logged);
          const mine = entries.filter(
            ({ personId, day }) => personId === person.id && day >= range.from && day <= range.to,
          );
          expect(row.logged).toBeCloseTo(
            mine.reduce((sum, { hours }) => sum + hours, 0),
            6,
          );
        }
        const whole = sumUtilisation(rows);
        for (const key of ['capacity', 'scheduled', 'logged', 'timeOff'] as const) {
          expect(whole[key]).toBeCloseTo(
            rows.reduce((sum, row) => sum + row[key], 0),
            6,
          );
        }
      },
    ),
    { numRuns: 50 },
  );
});
