import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { somePlan, someRange } from '../test/support/arbitraries.js';
import { clashes } from './clash.js';
import type { Allocation, Leave, Person } from './types.js';
import { workload } from './workload.js';

const DAY = { from: '2026-11-23', to: '2026-11-23' };
const ann: Person = { id: 1, name: 'Ann', hours: [{ from: '1970-01-01', hours: [0, 8, 8, 8, 8, 8, 0] }] };
const work = (hoursPerDay: number, over: Partial<Allocation> = {}): Allocation => ({
  id: 1,
  personIds: [1],
  hoursPerDay,
  status: 'confirmed',
  ...DAY,
  ...over,
});
const leave = (hoursPerDay: number | undefined, confirmed = true): Leave => ({
  personIds: [1],
  hoursPerDay,
  confirmed,
  ...DAY,
});
const found = (allocations: Allocation[], leaves: Leave[]) =>
  clashes({ people: [ann], allocations, leave: leaves, holidays: [] }, DAY, { includeTentative: false }).map(
    ({ confirmedClash, tentativeClash }) => [confirmedClash, tentativeClash],
  );

describe('leave against work', () => {
  test.each([
    ['a day off leaves room for none of it', [work(6)], [leave(undefined)], [[6, 0]]],
    ['even of overtime', [work(10)], [leave(undefined)], [[10, 0]]],
    ['work that fits beside leave is no clash', [work(5)], [leave(3)], []],
    ['what no longer fits is', [work(6)], [leave(3)], [[1, 0]]],
    ['overtime that was there before is not', [work(10)], [leave(3)], [[3, 0]]],
    ['tentative leave is told apart', [work(6)], [leave(undefined, false)], [[0, 6]]],
    ['and counts only what it adds', [work(6)], [leave(3), leave(undefined, false)], [[1, 5]]],
    ['leave without work', [], [leave(undefined)], []],
    ['work without leave', [work(20)], [], []],
    ['tentative work that is not asked for', [work(6, { status: 'tentative' })], [leave(undefined)], []],
  ])('%s', (_title, allocations, leaves, expected) => {
    expect(found(allocations, leaves)).toEqual(expected);
  });

  test('a block that crosses a holiday does not clash with leave on it', () => {
    const holidays = [{ name: 'Team', ...DAY }];
    const week = work(8, { to: '2026-11-27' });
    const plan = { people: [ann], allocations: [week], leave: [leave(undefined)], holidays };
    expect(clashes(plan, DAY, { includeTentative: true })).toEqual([]);
  });
});

test('without whole days off, clashes are the overtime that leave adds to a plan', () => {
  fc.assert(
    fc.property(somePlan, someRange, fc.boolean(), (any, range, includeTentative) => {
      const partly = any.leave.map((one) => ({ ...one, hoursPerDay: one.hoursPerDay ?? 3 }));
      const plan = { ...any, leave: partly };
      const days = clashes(plan, range, { includeTentative });
      const overtime = (confirmed: readonly Leave[]) =>
        workload({ ...plan, leave: confirmed }, range, { includeTentative }).flatMap(({ person, days: row }) =>
          row.map(({ day, overtime: hours }) => [`${person.id} ${day}`, hours] as const),
        );
      const none = new Map(overtime([]));
      const sure = new Map(overtime(partly.filter(({ confirmed }) => confirmed)));
      const all = new Map(overtime(partly.map((one) => ({ ...one, confirmed: true }))));
      const clash = new Map(days.map((one) => [`${one.person.id} ${one.day}`, one]));
      for (const [key, before] of none) {
        expect(clash.get(key)?.confirmedClash ?? 0).toBeCloseTo(sure.get(key)! - before, 6);
        expect(clash.get(key)?.tentativeClash ?? 0).toBeCloseTo(all.get(key)! - sure.get(key)!, 6);
      }
    }),
    { numRuns: 50 },
  );
});
