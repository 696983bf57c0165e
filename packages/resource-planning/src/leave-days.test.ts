import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someLeave, someRange } from '../test/support/arbitraries.js';
import { hoursOfLeave, leaveByDay } from './leave-days.js';
import { occupiedDays } from './recurrence.js';

test('a whole day is more than any hours, and hours add up', () => {
  const base = { personIds: [1], from: '2024-02-29', to: '2024-02-29', confirmed: true };
  expect(hoursOfLeave([])).toBe(0);
  expect(
    hoursOfLeave([
      { ...base, hoursPerDay: 2 },
      { ...base, hoursPerDay: 1.5 },
    ]),
  ).toBe(3.5);
  expect(hoursOfLeave([{ ...base, hoursPerDay: 2 }, base])).toBe(Number.POSITIVE_INFINITY);
});

test('each leave of the person is on each of its days, without that of other people', () => {
  fc.assert(
    fc.property(fc.array(someLeave, { maxLength: 5 }), someRange, (all, range) => {
      const found = [...leaveByDay(1, all, range)].flatMap(([day, leave]) =>
        leave.map((one) => `${day} ${all.indexOf(one)}`),
      );
      const expected = all.flatMap((one, index) =>
        one.personIds.includes(1) ? occupiedDays(one, range).map((day) => `${day} ${index}`) : [],
      );
      expect(found.sort()).toEqual(expected.sort());
    }),
  );
});
