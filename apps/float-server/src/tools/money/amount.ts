import { type Budget, type BudgetStanding, type Decimal, numberOf, round, textOf } from 'resource-planning';
import * as z from 'zod';
import { hoursText } from '../plan/format.js';

/** Hours or money. */
export type Unit = Budget['unit'];

/** Output schema of hours or money. Amounts are exact internally and rounded only here. */
export const AMOUNT = z.union([z.number(), z.string()]).describe('hours as a number, money as text: "1200.50"');
/** Output schema of an amount of money. */
export const MONEY = z.string().describe('money: "1200.50"');
/** Hours as a number, or money as text. */
export type Amount = z.output<typeof AMOUNT>;

const PLACES = 2;

/** Output schema of the use of a budget. */
export const BUDGET_USE = z.object({
  used: AMOUNT,
  total: AMOUNT.optional(),
  remaining: AMOUNT.optional().describe('negative when over budget'),
  percent: z.number().optional(),
  over: z.boolean(),
});
/** The use of a budget in an answer. */
export type BudgetUse = z.output<typeof BUDGET_USE>;

/** Money with two decimals. */
export function moneyText(amount: Decimal): string {
  return textOf(amount, PLACES);
}

/** An amount rounded to two decimals. */
export function amountOf(unit: Unit, amount: Decimal): Amount {
  return unit === 'money' ? moneyText(amount) : numberOf(round(amount, PLACES));
}

/** `12.5 h` or `1200.50`. Without a currency, which is a setting of the account and on no record. */
export function amountText(amount: Amount): string {
  return typeof amount === 'number' ? `${hoursText(amount)} h` : amount;
}

/** Converts the use of a budget for an answer. */
export function budgetUseRow(unit: Unit, { used, total, remaining, percent, over }: BudgetStanding): BudgetUse {
  return {
    used: amountOf(unit, used),
    ...(total === undefined ? {} : { total: amountOf(unit, total) }),
    ...(remaining === undefined ? {} : { remaining: amountOf(unit, remaining) }),
    ...(percent === undefined ? {} : { percent }),
    over,
  };
}

/** `70.00 of 100.00 used (70 %), 30.00 left` */
export function budgetUseText({ used, total, remaining, percent, over }: BudgetUse): string {
  if (total === undefined || remaining === undefined) return `${amountText(used)} used, no total`;
  const share = percent === undefined ? '' : ` (${percent.toFixed(1)} %)`;
  const rest = typeof remaining === 'number' ? Math.abs(remaining) : remaining.replace(/^-/, '');
  return `${amountText(used)} of ${amountText(total)} used${share}, ${amountText(rest)} ${over ? 'over' : 'left'}`;
}
