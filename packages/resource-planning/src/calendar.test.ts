import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange } from '../test/support/arbitraries.js';
import { calendarOf, normalHours, withoutLeave } from './calendar.js';
import { eachDay } from './day.js';
import type { Holiday, Leave, Person } from './types.js';

const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 4, 0] }], region: 7 };
const RANGE = { from: '2024-02-26', to: '2024-03-03' };

describe('the days of a person', () => {
  test('part-time hours on a leap day, and none outside employment', () => {
    expect(eachDay(RANGE).map((day) => normalHours(ann, day))).toEqual([8, 8, 8, 8, 4, 0, 0]);
    const late = { ...ann, employedFrom: '2024-02-29', employedTo: '2024-02-29' };
    expect(eachDay(RANGE).map((day) => normalHours(late, day))).toEqual([0, 0, 0, 8, 0, 0, 0]);
  });

  test('holidays are those of the region and of the team; without a region, of the team only', () => {
    const on = (from: string, region?: number): Holiday => ({ name: `${region}`, from, to: from, region });
    const holidays = [on('2024-02-26', 7), on('2024-02-27', 8), on('2024-02-28')];
    const closed = (person: Person) => {
      const calendar = calendarOf(person, { holidays, leave: [] }, RANGE);
      return eachDay(RANGE).filter((day) => calendar.holiday(day) !== undefined);
    };
    expect(closed(ann)).toEqual(['2024-02-26', '2024-02-28']);
    expect(closed({ ...ann, region: undefined })).toEqual(['2024-02-28']);
  });

  test('withoutLeave ignores leave', () => {
    const leave: Leave[] = [{ personIds: [1], confirmed: true, ...RANGE }];
    const calendar = calendarOf(ann, { holidays: [], leave }, RANGE);
    expect(calendar.leaveHours('2024-02-29')).toBe(Number.POSITIVE_INFINITY);
    expect(withoutLeave(calendar).leaveHours('2024-02-29')).toBe(0);
    expect(withoutLeave(calendar).normalHours('2024-02-29')).toBe(8);
  });
});

test('leave of a day is the sum of what is confirmed for this person, found by walking through each record', () => {
  fc.assert(
    fc.property(somePlan, someRange, (plan, range) => {
      const leave = plan.leave.map((one) => ({ ...one, repeat: undefined }));
      const person = plan.people[0]!;
      const calendar = calendarOf(person, { holidays: [], leave }, range);
      for (const day of eachDay(range)) {
        let hours = 0;
        for (const one of leave) {
          const covers = one.from <= day && day <= one.to && one.personIds.includes(person.id);
          if (covers && one.confirmed) hours += one.hoursPerDay ?? Number.POSITIVE_INFINITY;
        }
        expect(calendar.leaveHours(day)).toBe(hours);
      }
    }),
    { numRuns: 50 },
  );
});
