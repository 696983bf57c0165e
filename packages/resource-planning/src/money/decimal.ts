import { PlanningError } from '../errors.js';

/**
 * An exact decimal number, `units / 10^scale`. Float sends money as text ("120.00") and hours with decimals; as binary
 * fractions their products drift by cents. The scale is the smallest that fits, so that equal numbers look equal.
 */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

/** Zero. */
export const ZERO: Decimal = { units: 0n, scale: 0 };

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i;
/** Characters of a number. Larger than any real amount, and small enough that hostile input costs nothing. */
const LONGEST_TEXT = 60;

/**
 * Parses a number by its decimal text, so 0.1 is exactly one tenth. @throws PlanningError unless it is a finite number
 */
export function decimalOf(value: string | number): Decimal {
  const text = String(value).trim();
  const match = text.length > LONGEST_TEXT ? null : FORM.exec(text);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (whole === '' && fraction === '') throw new PlanningError('bad-number', `"${value}" is not a number.`);
  const units = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return shifted(units, fraction.length - Number(exponent));
}

/**
 * Parses an amount of Float. Undefined if none is set, which differs from 0.
 *
 * @throws PlanningError if the text is no number, because skipping an amount would make totals wrong
 */
export function moneyOf(value: string | number | null | undefined): Decimal | undefined {
  return value === undefined || value === null || value === '' ? undefined : decimalOf(value);
}

/** The sum of two numbers. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return tidy(unitsAt(a, scale) + unitsAt(b, scale), scale);
}

/** The difference of two numbers. */
export function minus(a: Decimal, b: Decimal): Decimal {
  return plus(a, { units: -b.units, scale: b.scale });
}

/** The product of two numbers. */
export function times(a: Decimal, b: Decimal): Decimal {
  return tidy(a.units * b.units, a.scale + b.scale);
}

/** The sum of all numbers. */
export function sumOf(all: Iterable<Decimal>): Decimal {
  let sum = ZERO;
  for (const one of all) sum = plus(sum, one);
  return sum;
}

/** Compares two numbers: negative, 0 or positive. */
export function compare(a: Decimal, b: Decimal): number {
  const { units } = minus(a, b);
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

/** Rounds to a number of decimals, halves away from zero as on invoices. */
export function round(a: Decimal, places: number): Decimal {
  if (a.scale <= places) return a;
  return tidy(divided(a.units, 10n ** BigInt(a.scale - places)), places);
}

/** The rounded quotient; undefined for division by zero. */
export function quotient(a: Decimal, b: Decimal, places: number): Decimal | undefined {
  if (b.units === 0n) return undefined;
  const scale = Math.max(a.scale, b.scale);
  const over = unitsAt(a, scale) * 10n ** BigInt(places);
  const under = unitsAt(b, scale);
  return tidy(under < 0n ? divided(-over, -under) : divided(over, under), places);
}

/** Formats a number, with a fixed number of decimals such as "1200.50" or as many as it has. */
export function textOf(a: Decimal, places?: number): string {
  const rounded = places === undefined ? a : round(a, places);
  const scale = places ?? rounded.scale;
  const units = unitsAt(rounded, scale);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
}

/** The nearest binary number, for JSON and not for arithmetic. */
export function numberOf(a: Decimal): number {
  return Number(textOf(a));
}

function unitsAt({ units, scale }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function shifted(units: bigint, scale: number): Decimal {
  return scale < 0 ? tidy(units * 10n ** BigInt(-scale), 0) : tidy(units, scale);
}

function tidy(units: bigint, scale: number): Decimal {
  let [shorter, places] = [units, scale];
  while (places > 0 && shorter % 10n === 0n) {
    shorter /= 10n;
    places -= 1;
  }
  return { units: shorter, scale: places };
}

/** Integer division, rounding halves away from zero. `under` must be positive. */
function divided(over: bigint, under: bigint): bigint {
  const size = over < 0n ? -over : over;
  const result = (2n * size + under) / (2n * under);
  return over < 0n ? -result : result;
}
