import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  compare,
  type Decimal,
  decimalOf,
  minus,
  moneyOf,
  numberOf,
  plus,
  quotient,
  round,
  sumOf,
  textOf,
  times,
  ZERO,
} from './decimal.js';

const decimal: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 6 }))
  .map(([units, scale]) => decimalOf(textOf({ units, scale })));
/** The same number as a whole number of 10^-12, with which every result here can be checked by plain integers. */
const fine = ({ units, scale }: Decimal, places = 12) => units * 10n ** BigInt(places - scale);

describe('exact decimals', () => {
  test.each([
    ['120.00', '120'],
    ['-0.50', '-0.5'],
    ['.5', '0.5'],
    ['7.', '7'],
    ['+3', '3'],
    ['1e3', '1000'],
    [1e-7, '0.0000001'],
    [7.25, '7.25'],
    [1e21, '1000000000000000000000'],
    ['000', '0'],
    ['-0', '0'],
  ])('%p is %s', (given, text) => {
    expect(textOf(decimalOf(given))).toBe(text);
  });

  test.each(['', 'abc', '1,200.00', '.', '$5', Number.NaN, Number.POSITIVE_INFINITY, '1e9999', '9'.repeat(61)])(
    '%p is no number',
    (given) => {
      expect(() => decimalOf(given)).toThrow(expect.objectContaining({ code: 'bad-number' }));
    },
  );

  test('money that is not set is not 0', () => {
    expect([moneyOf(null), moneyOf(undefined), moneyOf('')]).toEqual([undefined, undefined, undefined]);
    expect(moneyOf('0.00')).toEqual(ZERO);
    expect(() => moneyOf('n/a')).toThrow('not a number');
  });

  test('0.1 + 0.2 is 0.3, and 1.1 hours at 33.33 are 36.663', () => {
    expect(plus(decimalOf(0.1), decimalOf(0.2))).toEqual(decimalOf('0.3'));
    expect(textOf(times(decimalOf(1.1), decimalOf('33.33')))).toBe('36.663');
    // The same product as binary numbers is 36.663000000000004.
    expect(textOf(sumOf(Array.from({ length: 10 }, () => decimalOf(0.1))))).toBe('1');
  });

  test.each([
    ['0.125', 2, '0.13'],
    ['-0.125', 2, '-0.13'],
    ['0.124', 2, '0.12'],
    ['-0.004', 2, '0.00'],
    ['1.005', 2, '1.01'],
    ['999.999', 2, '1000.00'],
    ['5', 2, '5.00'],
    ['5.5', 0, '6'],
  ])('%s with %d places is %s', (given, places, text) => {
    expect(textOf(decimalOf(given), places)).toBe(text);
  });

  test('a quotient is rounded, and dividing by 0 has no answer', () => {
    expect(quotient(decimalOf(2), decimalOf(3), 2)).toEqual(decimalOf('0.67'));
    expect(quotient(decimalOf(-1), decimalOf(8), 2)).toEqual(decimalOf('-0.13'));
    expect(quotient(decimalOf(1), decimalOf('-0.5'), 2)).toEqual(decimalOf(-2));
    expect(quotient(decimalOf(1), ZERO, 2)).toBeUndefined();
  });

  test('sums, differences and products are those of whole numbers', () => {
    fc.assert(
      fc.property(decimal, decimal, (a, b) => {
        expect(fine(plus(a, b))).toBe(fine(a) + fine(b));
        expect(fine(minus(a, b))).toBe(fine(a) - fine(b));
        expect(fine(times(a, b), 24)).toBe(fine(a) * fine(b));
        expect(Math.sign(compare(a, b))).toBe(fine(a) === fine(b) ? 0 : fine(a) < fine(b) ? -1 : 1);
      }),
    );
  });

  test('text and back is the same number, in the same form', () => {
    fc.assert(fc.property(decimal, (a) => expect(decimalOf(textOf(a))).toEqual(a)));
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }), (a) => {
        expect(numberOf(decimalOf(a))).toBe(a === 0 ? 0 : a);
      }),
    );
  });

  test('rounding is never off by more than half of the last place', () => {
    fc.assert(
      fc.property(decimal, fc.nat(6), (a, places) => {
        const off = fine(minus(round(a, places), a));
        expect(2n * (off < 0n ? -off : off) <= 10n ** BigInt(12 - places)).toBe(true);
      }),
    );
  });

  test('a quotient times its divisor is the dividend, up to the rounding', () => {
    const nonZero = decimal.filter(({ units }) => units !== 0n);
    fc.assert(
      fc.property(decimal, nonZero, (a, b) => {
        const off = fine(minus(times(quotient(a, b, 4)!, b), a));
        const allowed = fine(b) < 0n ? -fine(b) : fine(b);
        expect(2n * (off < 0n ? -off : off) * 10_000n <= allowed).toBe(true);
      }),
    );
  });
});
