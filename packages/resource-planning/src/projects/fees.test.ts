import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someEntry } from '../../test/support/arbitraries.js';
import { decimalOf, numberOf, textOf } from '../money/decimal.js';
import { costsOf, expenseCosts, expenseFees, feesOf, marginOf } from './fees.js';

const d = decimalOf;

test('fees are for billable hours, costs for all', () => {
  fc.assert(
    fc.property(fc.array(someEntry, { maxLength: 15 }), fc.nat(20_000), (entries, cents) => {
      const rateOf = ({ personId }: { personId?: number | undefined }) => (personId === 2 ? undefined : d(cents / 100));
      const hundredths = (billableOnly: boolean, rated: boolean) =>
        entries
          .filter(({ billable, personId }) => (billable || !billableOnly) && (personId !== 2) === rated)
          .reduce((sum, { hours }) => sum + Math.round(hours * 100), 0);
      for (const [billableOnly, found] of [
        [true, feesOf(entries, rateOf)],
        [false, costsOf(entries, rateOf)],
      ] as const) {
        expect(textOf(found.amount, 4)).toBe(
          textOf({ units: BigInt(hundredths(billableOnly, true)) * BigInt(cents), scale: 4 }, 4),
        );
        expect(Math.round(found.unpricedHours * 100)).toBe(hundredths(billableOnly, false));
      }
    }),
  );
});

describe('expenses', () => {
  const expenses = [
    { cost: d('100.10'), markup: d('15.05'), billable: true },
    { cost: d(50), markup: d(5), billable: false },
    { cost: d(20), billable: true },
  ];
  test.each([
    ['time-and-materials', '135.15'],
    ['fixed-fee', '120.10'],
    ['none', '120.10'],
  ] as const)('with %s, %s is billed', (kind, billed) => {
    expect(textOf(expenseFees(expenses, kind), 2)).toBe(billed);
    expect(numberOf(expenseCosts(expenses))).toBe(170.1);
  });
});

test.each([
  ['100000', '55000', 45_000, 45],
  ['100', '150', -50, -50],
  ['0', '50', -50, undefined],
])('a revenue of %s at costs of %s', (revenue, costs, profit, percent) => {
  expect(marginOf(d(revenue), d(costs))).toEqual({ profit: d(profit), percent });
});
