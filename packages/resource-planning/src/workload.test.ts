import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, dayOf } from './day.js';
import { stepOfCode } from './recurrence.js';
import type { Allocation, Holiday, Leave, Person, PersonDay, Plan, WeekHours } from './types.js';
import { workload } from './workload.js';

const FULL: WeekHours = [0, 8, 8, 8, 8, 8, 0];
/** Monday to Sunday. */
const WEEK = { from: '2026-11-23', to: '2026-11-29' };
const CONFIRMED_ONLY = { includeTentative: false };

const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: FULL }], region: 7 };

function allocation(over: Partial<Allocation>): Allocation {
  return { id: 1, personIds: [1], hoursPerDay: 4, status: 'confirmed', ...WEEK, ...over };
}
function annsWeek(plan: Partial<Plan>, includeTentative = false): readonly PersonDay[] {
  const whole = { people: [ann], allocations: [], leave: [], holidays: [], ...plan };
  return workload(whole, WEEK, { includeTentative })[0]!.days;
}
const row = (days: readonly PersonDay[], name: 'capacity' | 'timeOff' | 'scheduled' | 'free' | 'overtime') =>
  days.map((day) => day[name]);

describe('capacity', () => {
  test('comes from the hours of the weekday', () => {
    expect(row(annsWeek({}), 'capacity')).toEqual([8, 8, 8, 8, 8, 0, 0]);
  });

  test('comes from the version in force on the day', () => {
    const halfFromWednesday: WeekHours = [0, 4, 4, 4, 4, 4, 0];
    const hours = [...ann.hours, { from: '2026-11-25', hours: halfFromWednesday }];
    expect(row(annsWeek({ people: [{ ...ann, hours }] }), 'capacity')).toEqual([8, 8, 4, 4, 4, 0, 0]);
  });

  test('is 0 before the first and after the last day of employment', () => {
    const people = [{ ...ann, employedFrom: '2026-11-24', employedTo: '2026-11-26' }];
    expect(row(annsWeek({ people }), 'capacity')).toEqual([0, 8, 8, 8, 0, 0, 0]);
  });

  test('loses confirmed leave, whole days or hours, but not tentative leave', () => {
    const leave: Leave[] = [
      { personIds: [1], from: '2026-11-23', to: '2026-11-23', confirmed: true },
      { personIds: [1], from: '2026-11-24', to: '2026-11-24', hoursPerDay: 3, confirmed: true },
      { personIds: [1], from: '2026-11-25', to: '2026-11-25', hoursPerDay: 20, confirmed: true },
      { personIds: [1], from: '2026-11-26', to: '2026-11-26', confirmed: false },
      { personIds: [2], from: '2026-11-27', to: '2026-11-27', confirmed: true },
    ];
    // 8-8, 8-3, 8-20 cut at 0, tentative ignored, another person's
    expect(row(annsWeek({ leave }), 'capacity')).toEqual([0, 5, 0, 8, 8, 0, 0]);
  });

  test('is 0 on team holidays and on public holidays of the own region', () => {
    const holidays: Holiday[] = [
      { name: 'Team day', from: '2026-11-23', to: '2026-11-24' },
      { name: 'Ours', from: '2026-11-26', to: '2026-11-26', region: 7 },
      { name: 'Theirs', from: '2026-11-27', to: '2026-11-27', region: 8 },
    ];
    expect(row(annsWeek({ holidays }), 'capacity')).toEqual([0, 0, 8, 0, 8, 0, 0]);
  });

  test('leave is time off: never more than the day, and none on days off', () => {
    const leave: Leave[] = [
      { personIds: [1], from: '2026-11-23', to: '2026-11-23', hoursPerDay: 5, confirmed: true },
      { personIds: [1], from: '2026-11-23', to: '2026-11-23', hoursPerDay: 6, confirmed: true },
      { personIds: [1], from: '2026-11-26', to: '2026-11-29', confirmed: true },
    ];
    const holidays = [{ name: 'Team day', from: '2026-11-26', to: '2026-11-26' }];
    expect(row(annsWeek({ leave, holidays }), 'timeOff')).toEqual([8, 0, 0, 0, 8, 0, 0]);
  });

  test('a holiday on which work was put on purpose has normal hours', () => {
    const holidays = [{ name: 'Ours', from: '2026-11-26', to: '2026-11-26', region: 7 }];
    const allocations = [allocation({ from: '2026-11-26', to: '2026-11-26', hoursPerDay: 10 })];
    const days = annsWeek({ holidays, allocations });
    expect(row(days, 'capacity')).toEqual([8, 8, 8, 8, 8, 0, 0]);
    expect(row(days, 'overtime')).toEqual([0, 0, 0, 2, 0, 0, 0]);
  });
});

describe('scheduled hours', () => {
  test('are per day, on working days only, in full for each person', () => {
    const bob = { ...ann, id: 2, name: 'Bob' };
    const plan = { people: [ann, bob], allocations: [allocation({ personIds: [1, 2] })], leave: [], holidays: [] };
    const both = workload(plan, WEEK, CONFIRMED_ONLY).map(({ days }) => row(days, 'scheduled'));
    expect(both).toEqual([
      [4, 4, 4, 4, 4, 0, 0],
      [4, 4, 4, 4, 4, 0, 0],
    ]);
  });

  test('skip a holiday and a day of leave that the block merely crosses', () => {
    const holidays = [{ name: 'Team day', from: '2026-11-24', to: '2026-11-24' }];
    const leave = [{ personIds: [1], from: '2026-11-25', to: '2026-11-25', confirmed: true }];
    const days = annsWeek({ holidays, leave, allocations: [allocation({})] });
    expect(row(days, 'scheduled')).toEqual([4, 0, 0, 4, 4, 0, 0]);
    expect(row(days, 'overtime')).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('put on a weekend on purpose are overtime in full', () => {
    const days = annsWeek({ allocations: [allocation({ from: '2026-11-28', to: '2026-11-29' })] });
    expect(row(days, 'overtime')).toEqual([0, 0, 0, 0, 0, 4, 4]);
  });

  test('every Saturday on purpose counts, but a weekly meeting is skipped when it falls on a holiday', () => {
    const weekly = { repeat: stepOfCode(1), hoursPerDay: 2 };
    const allocations = [
      allocation({ from: '2026-11-14', to: '2026-11-14', ...weekly }),
      allocation({ id: 2, from: '2026-11-18', to: '2026-11-18', ...weekly }),
    ];
    expect(row(annsWeek({ allocations }), 'scheduled')).toEqual([0, 0, 2, 0, 0, 2, 0]);
    const holidays = [{ name: 'Wednesday and Saturday off', from: '2026-11-25', to: '2026-11-28' }];
    expect(row(annsWeek({ allocations, holidays }), 'scheduled')).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test('part-day leave leaves the work and takes the hours: 6 of work in 8 - 3 is 1 too much', () => {
    const leave = [{ personIds: [1], from: '2026-11-23', to: '2026-11-23', hoursPerDay: 3, confirmed: true }];
    const days = annsWeek({ leave, allocations: [allocation({ hoursPerDay: 6 })] });
    expect(row(days, 'overtime')).toEqual([1, 0, 0, 0, 0, 0, 0]);
    expect(row(days, 'free')).toEqual([0, 2, 2, 2, 2, 0, 0]);
  });

  test.each([
    ['draft', 0, 4],
    ['tentative', 0, 4],
    ['confirmed', 4, 4],
    ['complete', 4, 4],
    ['cancelled', 0, 0],
  ] as const)('%s work takes %d hours, %d with tentative work included', (status, apart, included) => {
    const allocations = [allocation({ status })];
    expect(annsWeek({ allocations })[0]?.scheduled).toBe(apart);
    expect(annsWeek({ allocations }, true)[0]?.scheduled).toBe(included);
  });

  test('binary fractions make no overtime: 0.1 + 0.2 fits in 0.3', () => {
    const hours = [{ from: '1970-01-01', hours: [0, 0.3, 0.3, 0.3, 0.3, 0.3, 0] as const }];
    const allocations = [allocation({ hoursPerDay: 0.1 }), allocation({ id: 2, hoursPerDay: 0.2 })];
    expect(annsWeek({ people: [{ ...ann, hours }], allocations })[0]).toMatchObject({ free: 0, overtime: 0 });
  });
});

describe('for any plan', () => {
  const day = fc.integer({ min: 20_700, max: 20_800 }).map(dayOf);
  const span = fc.tuple(day, fc.nat(12)).map(([from, length]) => ({ from, to: addDays(from, length) }));
  const hours = fc.integer({ min: 0, max: 48 }).map((quarters) => quarters / 4);
  const repeat = fc.integer({ min: 0, max: 9 }).map(stepOfCode);
  const personIds = fc.subarray([1, 2, 3]);
  const week = fc.tuple(hours, hours, hours, hours, hours, hours, hours);
  const personOf = (id: number) =>
    fc
      .record({
        first: week,
        second: week,
        change: day,
        employed: fc.option(span, { nil: undefined }),
        region: fc.constantFrom(7, 8, undefined),
      })
      .map(
        ({ first, second, change, employed, region }): Person => ({
          id,
          name: `Person ${id}`,
          hours: [
            { from: '1970-01-01', hours: first },
            { from: change, hours: second },
          ],
          employedFrom: employed?.from,
          employedTo: employed?.to,
          region,
        }),
      );
  const status = fc.constantFrom('draft', 'tentative', 'confirmed', 'complete', 'cancelled');
  const plan: fc.Arbitrary<Plan> = fc.record({
    people: fc.tuple(personOf(1), personOf(2), personOf(3)),
    allocations: fc.array(
      fc
        .record({ id: fc.nat(), personIds, hoursPerDay: hours, status, span, repeat })
        .map(({ span: s, ...rest }) => ({ ...rest, ...s })),
      { maxLength: 6 },
    ),
    leave: fc.array(
      fc
        .record({ personIds, hoursPerDay: fc.option(hours, { nil: undefined }), confirmed: fc.boolean(), span, repeat })
        .map(({ span: s, ...rest }) => ({ ...rest, ...s })),
      { maxLength: 4 },
    ),
    holidays: fc.array(
      fc
        .record({ name: fc.constant('holiday'), region: fc.constantFrom(7, undefined), span })
        .map(({ span: s, ...rest }) => ({ ...rest, ...s })),
      { maxLength: 3 },
    ),
  });

  test('free + scheduled - overtime = capacity, and nothing is negative', () => {
    fc.assert(
      fc.property(plan, span, fc.boolean(), (one, range, includeTentative) => {
        for (const { days } of workload(one, range, { includeTentative })) {
          for (const { free, scheduled, overtime, capacity } of days) {
            expect(free + scheduled - overtime).toBe(capacity);
            expect(Math.min(free, scheduled, overtime, capacity)).toBeGreaterThanOrEqual(0);
            expect(free === 0 || overtime === 0).toBe(true);
          }
        }
      }),
    );
  });

  test('the days of two parts are the days of the whole', () => {
    fc.assert(
      fc.property(plan, day, fc.nat(20), fc.nat(20), (one, from, first, second) => {
        const middle = addDays(from, first);
        const whole = workload(one, { from, to: addDays(middle, second + 1) }, CONFIRMED_ONLY);
        const left = workload(one, { from, to: middle }, CONFIRMED_ONLY);
        const right = workload(one, { from: addDays(middle, 1), to: addDays(middle, second + 1) }, CONFIRMED_ONLY);
        expect(left.map(({ days }, index) => [...days, ...right[index]!.days])).toEqual(
          whole.map(({ days }) => [...days]),
        );
      }),
    );
  });

  test('counting tentative work never lowers overtime, and adds free hours only by opening a holiday', () => {
    fc.assert(
      fc.property(plan, span, (one, range) => {
        const sure = workload(one, range, CONFIRMED_ONLY).flatMap(({ days }) => days);
        const all = workload(one, range, { includeTentative: true }).flatMap(({ days }) => days);
        all.forEach((withTentative, index) => {
          expect(withTentative.overtime).toBeGreaterThanOrEqual(sure[index]!.overtime);
          expect(withTentative.scheduled).toBeGreaterThanOrEqual(sure[index]!.scheduled);
          const opened = withTentative.capacity > sure[index]!.capacity;
          expect(opened || withTentative.free <= sure[index]!.free).toBe(true);
          if (opened) expect(sure[index]).toMatchObject({ capacity: 0, scheduled: 0, work: [] });
        });
      }),
    );
  });
});
