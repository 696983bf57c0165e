import { type Decimal, decimalOf, numberOf, quotient, times } from './money/decimal.js';

const HUNDRED = decimalOf(100);

/** With one decimal, exactly rounded. `undefined` where the whole is not above 0: no share of it says anything. */
export function percentOf(part: Decimal | number, whole: Decimal | number): number | undefined {
  const [over, under] = [exact(part), exact(whole)];
  if (under.units <= 0n) return undefined;
  const share = quotient(times(over, HUNDRED), under, 1);
  return share === undefined ? undefined : numberOf(share);
}

function exact(value: Decimal | number): Decimal {
  return typeof value === 'number' ? decimalOf(value) : value;
}
