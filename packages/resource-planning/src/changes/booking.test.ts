import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someHours, somePlan, someSpan } from '../../test/support/arbitraries.js';
import { calendarOf } from '../calendar.js';
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
  ])('%j is %d hours a day, %d in all', (amount, hoursPerDay, totalHours, notBooked) => {
    const parts = [{ ...WEEK, hoursPerDay }];
    expect(bookingFor(ann, NOTHING, WEEK, amount)).toMatchObject({ parts, totalHours, notBooked });
  });

  const partsOf = (person: Person, range: typeof WEEK, percent: number) =>
    bookingFor(person, NOTHING, range, { percent }).parts.map(({ from, to, hoursPerDay }) => [from, to, hoursPerDay]);

  test('a share is one of each day: a short Friday is an allocation of its own', () => {
    expect(partsOf(ann, WEEK, 50)).toEqual([
      ['2026-11-23', '2026-11-26', 4],
      ['2026-11-27', '2026-11-27', 2],
    ]);
    expect(bookingFor(ann, NOTHING, WEEK, { percent: 100 }).totalHours).toBe(36);
    // Days of one length are one allocation, over the whole range that was asked for.
    const even: Person = { ...ann, hours: [{ from: '1970-01-01', hours: [0, 6, 6, 6, 6, 6, 0] }] };
    expect(partsOf(even, WEEK, 50)).toEqual([[WEEK.from, WEEK.to, 3]]);
  });

  test('hours that change in the range change the share', () => {
    const half: Person = {
      ...ann,
      hours: [
        { from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] },
        { from: '2026-11-30', hours: [0, 4, 4, 4, 4, 4, 0] },
      ],
    };
    expect(partsOf(half, { from: '2026-11-23', to: '2026-12-03' }, 50)).toEqual([
      ['2026-11-23', '2026-11-27', 4],
      ['2026-11-30', '2026-12-03', 2],
    ]);
  });

  test('more runs than twelve are one allocation of the mean day', () => {
    const long = { from: '2026-11-23', to: '2027-02-28' };
    expect(partsOf(ann, long, 50)).toEqual([[long.from, long.to, 3.6]]);
  });

  test('a total is spread over the available days, with the remainder reported', () => {
    const holidays = [{ name: 'Team', from: '2026-11-23', to: '2026-11-23' }];
    const leave = [{ personIds: [1], confirmed: true, from: '2026-11-24', to: '2026-11-24' }];
    const found = bookingFor(ann, { holidays, leave }, WEEK, { totalHours: 10 });
    const days = ['2026-11-25', '2026-11-26', '2026-11-27'];
    expect(found).toEqual({
      parts: [{ ...WEEK, hoursPerDay: 3.33, days }],
      days,
      totalHours: 9.99,
      notBooked: 0.01,
      isMean: false,
    });
  });

  test('on a weekend it is on purpose, but a share of a day off is nothing', () => {
    const weekend = { from: '2026-11-28', to: '2026-11-29' };
    expect(bookingFor(ann, NOTHING, weekend, { totalHours: 6 })).toMatchObject({ totalHours: 6, days: { length: 2 } });
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

  test('a person who is away the whole time cannot be booked', () => {
    const leave = [{ personIds: [1], confirmed: true, ...WEEK }];
    expect(() => bookingFor(ann, { holidays: [], leave }, WEEK, { hoursPerDay: 1 })).toThrow('Ann is away');
  });

  test('booked and not booked hours add up to the request, on days without leave', () => {
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
        expect(found.totalHours).toBeCloseTo(found.parts[0].hoursPerDay * found.days.length, 6);
        expect(Math.abs(found.notBooked)).toBeLessThanOrEqual(0.005 * found.days.length + 1e-9);
        expect(found.days.every((day) => Number.isFinite(calendar.leaveHours(day)))).toBe(true);
      }),
    );
  });
});
