import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someEntry } from '../../test/support/arbitraries.js';
import { decimalOf, sumOf, textOf } from '../money/decimal.js';
import { budgetOf } from './budget.js';
import { standingByPart, standingOf, usesOf } from './budget-use.js';
import type { TimeEntry } from './time-entry.js';

const entry = (over: Partial<TimeEntry>): TimeEntry => ({
  day: '2024-02-29',
  personId: 1,
  projectId: 1,
  hours: 1,
  billable: true,
  ...over,
});
const NO_PARTS = { phases: [], tasks: [] };
const fee = budgetOf({ type: 2, total: decimalOf('100.00'), ...NO_PARTS });

describe('use of a budget by work', () => {
  test('ten times 1.1 hours at 33.33 are 366.63, to the cent', () => {
    const entries = Array.from({ length: 10 }, () => entry({ hours: 1.1 }));
    const { uses } = usesOf(fee, entries, () => decimalOf('33.33'));
    expect(textOf(standingOf(fee.total, uses).used, 2)).toBe('366.63');
  });

  test('hours without a rate are reported, not priced at 0', () => {
    const found = usesOf(fee, [entry({ hours: 0.1 }), entry({ hours: 0.2 }), entry({ personId: 2 })], ({ personId }) =>
      personId === 2 ? decimalOf(50) : undefined,
    );
    expect(found).toEqual({ uses: [{ day: '2024-02-29', amount: decimalOf(50) }], unpricedHours: 0.3 });
  });

  test('an hours budget needs no rates', () => {
    const hours = budgetOf({ type: 1, total: decimalOf(10), ...NO_PARTS });
    const { uses, unpricedHours } = usesOf(hours, [entry({ hours: 7.5 })], () => undefined);
    expect([standingOf(hours.total, uses).percent, unpricedHours]).toEqual([75, 0]);
  });
});

describe('standing', () => {
  const used = (hours: number) => [{ day: '2024-02-29', amount: decimalOf(hours) }];
  test.each([
    [100, 99, false, '1', 99],
    [100, 100, false, '0', 100],
    [100, 101, true, '-1', 101],
    [0, 0, false, '0', undefined],
    [0, 1, true, '-1', undefined],
    [-10, 0, true, '-10', undefined],
  ])('of a budget of %d with %d used', (total, hours, over, remaining, percent) => {
    const found = standingOf(decimalOf(total), used(hours));
    expect([found.over, textOf(found.remaining!), found.percent]).toEqual([over, remaining, percent]);
  });

  test('without a total there is nothing to exceed; expenses come on top', () => {
    expect(standingOf(undefined, used(5), decimalOf(3))).toEqual({ used: decimalOf(8), over: false });
  });
});

test('the parts add up to the whole, and each equals integer arithmetic', () => {
  fc.assert(
    fc.property(fc.array(someEntry, { maxLength: 15 }), fc.nat(20_000), (entries, cents) => {
      const phases = [{ id: 5, total: decimalOf(1000) }, { id: 6 }];
      const budget = budgetOf({ type: 2, priority: 1, phases, tasks: [] });
      const { uses } = usesOf(budget, entries, () => decimalOf(cents / 100));
      const parts = standingByPart(budget, uses);
      expect(sumOf([...parts.values()].map((one) => one.used))).toEqual(standingOf(budget.total, uses).used);
      for (const [id, { used }] of parts) {
        const hundredths = entries.reduce(
          (sum, one) => (one.billable && one.phaseId === id ? sum + Math.round(one.hours * 100) : sum),
          0,
        );
        expect(textOf(used, 4)).toBe(textOf({ units: BigInt(hundredths) * BigInt(cents), scale: 4 }, 4));
      }
      expect([...parts.keys()].slice(0, 2)).toEqual([5, 6]);
    }),
  );
});
