import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { earliestFit, soonerFit } from './availability.js';
import { dayOf } from './day.js';

const week = [2, 0, 8, 4].map((free, index) => ({ day: `2026-11-2${index + 3}`, free }));

describe('the earliest fit', () => {
  test('takes free hours in order until they suffice', () => {
    expect(earliestFit(week, { hours: 6 })).toEqual({
      start: '2026-11-23',
      finish: '2026-11-25',
      days: [
        { day: '2026-11-23', hours: 2 },
        { day: '2026-11-25', hours: 4 },
      ],
    });
  });

  test.each([
    [{ hours: 14 }, '2026-11-26'],
    [{ hours: 15 }, undefined],
    [{ hours: 6, mostPerDay: 3 }, '2026-11-26'],
    [{ hours: 9, mostPerDay: 3 }, undefined],
    [{ hours: 0 }, undefined],
    [{ hours: 5, mostPerDay: 0 }, undefined],
  ])('of %j is done on %p', (need, finish) => {
    expect(earliestFit(week, need)?.finish).toBe(finish);
  });

  test('is done on the first day by which enough hours are free, and takes exactly what is needed', () => {
    const free = fc.array(fc.integer({ min: 0, max: 32 }), { maxLength: 20 });
    fc.assert(
      fc.property(free, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 40 }), (quarters, need, most) => {
        const days = quarters.map((one, index) => ({ day: dayOf(20_000 + index), free: one / 4 }));
        const found = earliestFit(days, { hours: need / 4, mostPerDay: most / 4 });
        let sum = 0;
        const enough = quarters.findIndex((one) => {
          sum += Math.min(one, most);
          return sum >= need;
        });
        expect(found?.finish).toBe(days[enough]?.day);
        if (found !== undefined) {
          expect(found.start).toBe(days[quarters.findIndex((one) => one > 0)]?.day);
          expect(found.days.reduce((all, { hours }) => all + hours, 0)).toBe(need / 4);
        }
      }),
    );
  });
});

test('sorts by finish, then by start, with missing fits last', () => {
  const fit = (start: string, finish: string) => ({ start, finish, days: [] });
  const [a, b, c] = [fit('2026-11-23', '2026-11-27'), fit('2026-11-24', '2026-11-27'), fit('2026-11-26', '2026-11-26')];
  expect([undefined, b, a, c].map((one) => [one]).sort(([x], [y]) => soonerFit(x, y))).toEqual([
    [c],
    [a],
    [b],
    [undefined],
  ]);
});
