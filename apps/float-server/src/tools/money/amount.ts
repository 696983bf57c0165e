import * as z from 'zod';
import { type Decimal, numberOf, round, textOf } from '../../planning/money/decimal.js';
import type { Budget } from '../../planning/projects/budget.js';
import type { BudgetStanding } from '../../planning/projects/budget-use.js';
import { hoursText } from '../plan/words.js';

export type Unit = Budget['unit'];

/** Amounts are exact until they are shown: only here they are rounded. */
export const AMOUNT = z.union([z.number(), z.string()]).describe('hours as a number, money as text: "1200.50"');
export const MONEY = z.string().describe('money: "1200.50"');
export type Amount = z.output<typeof AMOUNT>;

const PLACES = 2;

export const STANDING = z.object({
  used: AMOUNT,
  total: AMOUNT.optional(),
  remaining: AMOUNT.optional().describe('negative when over budget'),
  percent: z.number().optional(),
  over: z.boolean(),
});
export type Standing = z.output<typeof STANDING>;

export function moneyText(amount: Decimal): string {
  return textOf(amount, PLACES);
}

export function amountOf(unit: Unit, amount: Decimal): Amount {
  return unit === 'money' ? moneyText(amount) : numberOf(round(amount, PLACES));
}

/** `12.5 h` or `1200.50`; the currency is the account's, which no record names. */
export function amountText(amount: Amount): string {
  return typeof amount === 'number' ? `${hoursText(amount)} h` : amount;
}

export function standingRow(unit: Unit, { used, total, remaining, percent, over }: BudgetStanding): Standing {
  return {
    used: amountOf(unit, used),
    ...(total === undefined ? {} : { total: amountOf(unit, total) }),
    ...(remaining === undefined ? {} : { remaining: amountOf(unit, remaining) }),
    ...(percent === undefined ? {} : { percent }),
    over,
  };
}

/** `70.00 of 100.00 used (70 %), 30.00 left` */
export function standingText({ used, total, remaining, percent, over }: Standing): string {
  if (total === undefined || remaining === undefined) return `${amountText(used)} used, no total`;
  const share = percent === undefined ? '' : ` (${percent.toFixed(1)} %)`;
  const rest = typeof remaining === 'number' ? Math.abs(remaining) : remaining.replace(/^-/, '');
  return `${amountText(used)} of ${amountText(total)} used${share}, ${amountText(rest)} ${over ? 'over' : 'left'}`;
}
