import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalOf } from './money/decimal.js';
import { percentOf } from './percent.js';

test.each([
  [30, 40, 75],
  [1, 3, 33.3],
  [2, 3, 66.7],
  [50, 40, 125],
  [0, 40, 0],
  [-4, 40, -10],
  [1, 800, 0.1],
  [8, 0, undefined],
  [0, 0, undefined],
  [8, -40, undefined],
])('%d of %d is %p per cent', (part, whole, percent) => {
  expect(percentOf(part, whole)).toBe(percent);
  expect(percentOf(decimalOf(part), decimalOf(whole))).toBe(percent);
});

test('of whole numbers it equals integer arithmetic', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 }), (part, whole) => {
      const tenths = (2n * BigInt(part) * 1000n + BigInt(whole)) / (2n * BigInt(whole));
      expect(percentOf(part, whole)).toBe(Number(tenths) / 10);
    }),
  );
});
