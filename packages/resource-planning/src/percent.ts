import { type Decimal, decimalOf, numberOf, quotient, times } from './money/decimal.js';

const HUNDRED = decimalOf(100);

/** A percentage with one decimal, exactly rounded. Undefined if the whole is not positive. */
export function percentOf(part: Decimal | number, whole: Decimal | number): number | undefined {
  const [over, under] = [exact(part), exact(whole)];
  if (under.units <= 0n) return undefined;
  const share = quotient(times(over, HUNDRED), under, 1);
  return share === undefined ? undefined : numberOf(share);
}

function exact(value: Decimal | number): Decimal {
  return typeof value === 'number' ? decimalOf(value) : value;
}
