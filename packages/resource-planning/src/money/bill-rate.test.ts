import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BillRateLevel, type BillRates, billRateOf } from './bill-rate.js';
import { type Decimal, decimalOf } from './decimal.js';

const ORDER: readonly BillRateLevel[] = ['phase-team', 'phase', 'project-team', 'project', 'person', 'role'];
const amount = (level: BillRateLevel) => decimalOf(100 + ORDER.indexOf(level));

/** Person 1 in phase 5 of a project, with a rate at each of the levels given. */
function ratesAt(levels: readonly BillRateLevel[]): BillRates {
  const at = (level: BillRateLevel): Decimal | undefined => (levels.includes(level) ? amount(level) : undefined);
  const phase = at('phase');
  const role = at('role');
  return {
    team: [
      { personId: 1, phaseId: 0, rate: at('project-team') },
      { personId: 1, phaseId: 5, rate: at('phase-team') },
    ],
    phases: new Map(phase === undefined ? [] : [[5, phase]]),
    project: at('project'),
    people: new Map([[1, { rate: at('person'), roleId: 9 }]]),
    roles: new Map(role === undefined ? [] : [[9, role]]),
  };
}

test('of all the rates that are set, the first of the order counts', () => {
  fc.assert(
    fc.property(fc.subarray([...ORDER]), (levels) => {
      const level = ORDER.find((one) => levels.includes(one));
      const expected = level === undefined ? undefined : { rate: amount(level), level };
      expect(billRateOf(ratesAt(levels))({ personId: 1, phaseId: 5 })).toEqual(expected);
    }),
  );
});

test('rates of a phase do not apply outside it', () => {
  const rateOf = billRateOf(ratesAt(ORDER));
  expect(rateOf({ personId: 1, phaseId: 6 })?.level).toBe('project-team');
  expect(rateOf({ personId: 1, phaseId: 0 })?.level).toBe('project-team');
  expect(rateOf({ personId: 1 })?.level).toBe('project-team');
});

test('unknown people and unassigned work are billed by phase and project only', () => {
  const rateOf = billRateOf(ratesAt(ORDER));
  expect(rateOf({ personId: 2, phaseId: 5 })?.level).toBe('phase');
  expect(rateOf({ phaseId: 5 })?.level).toBe('phase');
  expect(rateOf({})?.level).toBe('project');
  expect(billRateOf(ratesAt(['person', 'role', 'phase-team']))({})).toBeUndefined();
});

test('a rate of 0 is a rate: this work is given away', () => {
  const rates = { ...ratesAt(['person']), team: [{ personId: 1, rate: decimalOf('0.00') }] };
  expect(billRateOf(rates)({ personId: 1 })).toEqual({ rate: decimalOf(0), level: 'project-team' });
});

test('the role on the project goes before the usual role', () => {
  const roles = new Map([
    [9, decimalOf(90)],
    [8, decimalOf(80)],
  ]);
  const rates = { ...ratesAt([]), team: [{ personId: 1, roleId: 8 }], roles };
  expect(billRateOf(rates)({ personId: 1 })?.rate).toEqual(decimalOf(80));
  expect(billRateOf({ ...rates, team: [] })({ personId: 1 })?.rate).toEqual(decimalOf(90));
});
