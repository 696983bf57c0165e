import { expect, test } from '@jest/globals';
import { isBillable } from './billable.js';

test('any of the three marks makes work non-billable, missing ones do not', () => {
  expect(isBillable({})).toBe(true);
  expect(isBillable({ projectNonBillable: false, phaseNonBillable: false, taskBillable: true })).toBe(true);
  expect(isBillable({ projectNonBillable: true, taskBillable: true })).toBe(false);
  expect(isBillable({ phaseNonBillable: true, taskBillable: true })).toBe(false);
  expect(isBillable({ taskBillable: false })).toBe(false);
});
