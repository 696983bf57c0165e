import { expect, test } from '@jest/globals';
import { overtimeDays } from './overtime.js';
import type { Allocation, Person, Plan } from './types.js';

const MONDAY = '2026-11-23';
const DAY = { from: MONDAY, to: MONDAY };
const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] }] };

function allocation(id: number, hoursPerDay: number, status: Allocation['status'] = 'confirmed'): Allocation {
  return { id, personIds: [1], hoursPerDay, status, ...DAY };
}
function planOf(...allocations: Allocation[]): Plan {
  return { people: [ann], allocations, leave: [], holidays: [] };
}

test('6 + 5 hours on a day of 8 are 3 too many, the larger cause first', () => {
  const [found, ...rest] = overtimeDays(planOf(allocation(1, 5), allocation(2, 6)), DAY);
  expect(rest).toEqual([]);
  expect(found).toMatchObject({
    day: MONDAY,
    capacity: 8,
    confirmedHours: 11,
    confirmedOvertime: 3,
    tentativeOvertime: 0,
  });
  expect(found?.causes.map(({ allocation: { id }, hours }) => [id, hours])).toEqual([
    [2, 6],
    [1, 5],
  ]);
});

test('tentative work counts separately: 6 confirmed, 5 tentative, 8 of capacity', () => {
  expect(overtimeDays(planOf(allocation(1, 6), allocation(2, 5, 'tentative')), DAY)).toMatchObject([
    { confirmedHours: 6, confirmedOvertime: 0, tentativeHours: 5, tentativeOvertime: 3 },
  ]);
  // Confirmed work alone is 2 over; the tentative 5 come on top in full.
  expect(overtimeDays(planOf(allocation(1, 10), allocation(2, 5, 'draft')), DAY)).toMatchObject([
    { confirmedOvertime: 2, tentativeOvertime: 5 },
  ]);
});

test('cancelled work and a day that is exactly full are no overtime', () => {
  expect(overtimeDays(planOf(allocation(1, 8), allocation(2, 8, 'cancelled')), DAY)).toEqual([]);
});

test('tentative work on a holiday opens the day, as confirmed work would', () => {
  const plan = { ...planOf(allocation(1, 9, 'tentative')), holidays: [{ name: 'Team day', ...DAY }] };
  expect(overtimeDays(plan, DAY)).toMatchObject([{ capacity: 8, tentativeHours: 9, tentativeOvertime: 1 }]);
});
