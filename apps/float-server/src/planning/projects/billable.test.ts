import { expect, test } from '@jest/globals';
import { isBillable } from './billable.js';

test('any one of the three makes work non-billable, and what is not said does not', () => {
  expect(isBillable({})).toBe(true);
  expect(isBillable({ projectNonBillable: false, phaseNonBillable: false, taskBillable: true })).toBe(true);
  expect(isBillable({ projectNonBillable: true, taskBillable: true })).toBe(false);
  expect(isBillable({ phaseNonBillable: true, taskBillable: true })).toBe(false);
  expect(isBillable({ taskBillable: false })).toBe(false);
});
