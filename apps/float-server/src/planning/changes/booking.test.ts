import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { calendarOf } from '../calendar.js';
import { someHours, somePlan, someSpan } from '../testing/arbitraries.js';
import type { Person } from '../types.js';
import { bookingFor } from './booking.js';

const WEEK = { from: '2026-11-23', to: '2026-11-29' };
const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 4, 0] }] };
const NOTHING = { holidays: [], leave: [] };

describe('booking', () => {
  test.each([
    [{ hoursPerDay: 6 }, 6, 30, 0],
    [{ totalHours: 20 }, 4, 20, 0],
    [{ totalHours: 16 }, 3.2, 16, 0],
    // A mean day of 7.2 hours.
    [{ percent: 50 }, 3.6, 18, 0],
    [{ percent: 100 }, 7.2, 36, 0],
  ])('%j is %d hours a day, %d in all', (amount, hoursPerDay, totalHours, notBooked) => {
    expect(bookingFor(ann, NOTHING, WEEK, amount)).toMatchObject({ hoursPerDay, totalHours, notBooked });
  });

  test('a total goes on the days that are left, and says what does not divide', () => {
    const holidays = [{ name: 'Team', from: '2026-11-23', to: '2026-11-23' }];
    const leave = [{ personIds: [1], confirmed: true, from: '2026-11-24', to: '2026-11-24' }];
    const found = bookingFor(ann, { holidays, leave }, WEEK, { totalHours: 10 });
    expect(found).toEqual({
      hoursPerDay: 3.33,
      days: ['2026-11-25', '2026-11-26', '2026-11-27'],
      totalHours: 9.99,
      notBooked: 0.01,
    });
  });

  test('on a weekend it is on purpose, but a share of a day off is nothing', () => {
    const weekend = { from: '2026-11-28', to: '2026-11-29' };
    expect(bookingFor(ann, NOTHING, weekend, { totalHours: 6 })).toMatchObject({ hoursPerDay: 3, totalHours: 6 });
    expect(() => bookingFor(ann, NOTHING, weekend, { percent: 50 })).toThrow('0 hours on each of 2 days');
  });

  test.each([
    [{ totalHours: 160 }, 'hours-out-of-range'],
    [{ hoursPerDay: 0 }, 'hours-out-of-range'],
    [{ hoursPerDay: -1 }, 'hours-out-of-range'],
    [{ hoursPerDay: Number.NaN }, 'hours-out-of-range'],
    [{ totalHours: Number.NaN }, 'bad-number'],
  ])('%j is refused', (amount, code) => {
    expect(() => bookingFor(ann, NOTHING, WEEK, amount)).toThrow(expect.objectContaining({ code }));
  });

  test('nobody who is away the whole time can be booked', () => {
    const leave = [{ personIds: [1], confirmed: true, ...WEEK }];
    expect(() => bookingFor(ann, { holidays: [], leave }, WEEK, { hoursPerDay: 1 })).toThrow('Ann is away');
  });

  test('what is booked and what is not are what was asked for, on days that are not leave', () => {
    fc.assert(
      fc.property(somePlan, someSpan, someHours, (plan, range, total) => {
        const person = plan.people[0]!;
        const calendar = calendarOf(person, plan, range);
        let found: ReturnType<typeof bookingFor>;
        try {
          found = bookingFor(person, plan, range, { totalHours: total });
        } catch (error) {
          expect(error).toMatchObject({ name: 'PlanningError' });
          return;
        }
        expect(found.totalHours + found.notBooked).toBeCloseTo(total, 6);
        expect(found.totalHours).toBeCloseTo(found.hoursPerDay * found.days.length, 6);
        expect(Math.abs(found.notBooked)).toBeLessThanOrEqual(0.005 * found.days.length + 1e-9);
        expect(found.days.every((day) => Number.isFinite(calendar.leaveHours(day)))).toBe(true);
      }),
    );
  });
});
