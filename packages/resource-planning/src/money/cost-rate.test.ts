import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Day, dayOf } from '../day.js';
import { type Contract, costRateOn } from './cost-rate.js';
import { decimalOf } from './decimal.js';

const d = decimalOf;
const roles = new Map([
  [
    1,
    [
      { from: '2026-07-01', rate: d(45) },
      { from: '2026-01-01', rate: d(40) },
    ],
  ],
  [2, [{ from: '2026-01-01', rate: d(70) }]],
]);

test.each([
  ['the rate of the role on the day', { contracts: [], roleId: 1 }, '2026-06-30', 40],
  ['and the new one from its day on', { contracts: [], roleId: 1 }, '2026-07-01', 45],
  ['the first version also before it', { contracts: [], roleId: 1 }, '2025-01-01', 40],
  ['the own rate goes before that of the role', { contracts: [], rate: d(50), roleId: 1 }, '2026-07-01', 50],
  ['a contract goes before both', { contracts: [{ from: '2026-01-01', rate: d(55) }], rate: d(50) }, '2026-02-01', 55],
  ['a rate of 0 is a rate', { contracts: [], rate: d(0), roleId: 1 }, '2026-07-01', 0],
])('%s', (_title, person, day, cost) => {
  expect(costRateOn(day, person, roles)).toEqual(d(cost));
});

test('a contract without a rate still determines the role', () => {
  const contracts: Contract[] = [
    { from: '2026-01-01', roleId: 1 },
    { from: '2026-09-01', roleId: 2 },
  ];
  const person = { contracts, roleId: 2 };
  expect(costRateOn('2026-08-31', person, roles)).toEqual(d(45));
  expect(costRateOn('2026-09-01', person, roles)).toEqual(d(70));
});

test('without any rate the cost is undefined', () => {
  expect(costRateOn('2026-01-01', { contracts: [] }, roles)).toBeUndefined();
  expect(costRateOn('2026-01-01', { contracts: [], roleId: 3 }, roles)).toBeUndefined();
});

test('the version in force is the latest that is not later than the day', () => {
  const day = fc.integer({ min: 20_000, max: 20_400 }).map(dayOf);
  fc.assert(
    fc.property(fc.uniqueArray(day, { minLength: 1, maxLength: 6 }), day, (starts: Day[], asked) => {
      const contracts = starts.map((from, index) => ({ from, rate: d(index) }));
      const before = starts.filter((from) => from <= asked);
      const start = before.length > 0 ? before.sort().at(-1)! : [...starts].sort()[0]!;
      expect(costRateOn(asked, { contracts }, new Map())).toEqual(d(starts.indexOf(start)));
    }),
  );
});
