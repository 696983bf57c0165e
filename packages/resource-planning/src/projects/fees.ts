import { type Decimal, decimalOf, minus, sumOf, times } from '../money/decimal.js';
import { percentOf } from '../percent.js';
import { roundHours } from '../workload.js';
import type { BudgetKind } from './budget.js';
import type { RateOf } from './budget-use.js';
import type { TimeEntry } from './time-entry.js';

/** An amount, and the hours it excludes because no rate is set for them. */
export interface Priced {
  readonly amount: Decimal;
  readonly unpricedHours: number;
}

/** An expense of a project. */
export interface Expense {
  readonly cost: Decimal;
  /** Amount added to the cost, billed for time and materials only. */
  readonly markup?: Decimal | undefined;
  readonly billable: boolean;
}

/** The margin of a revenue. */
export interface Margin {
  readonly profit: Decimal;
  /** Share of the revenue; undefined without revenue. */
  readonly percent?: number | undefined;
}

/** Billable hours at bill rates. */
export function feesOf(entries: readonly TimeEntry[], billRate: RateOf): Priced {
  return priced(
    entries.filter(({ billable }) => billable),
    billRate,
  );
}

/** All hours at cost rates, billable or not. */
export function costsOf(entries: readonly TimeEntry[], costRate: RateOf): Priced {
  return priced(entries, costRate);
}

/** The fees for expenses. Markup raises the amount billed, not the cost. */
export function expenseFees(expenses: readonly Expense[], kind: BudgetKind): Decimal {
  const billed = expenses.filter(({ billable }) => billable);
  const markups = kind === 'time-and-materials' ? billed : [];
  return sumOf([
    ...billed.map(({ cost }) => cost),
    ...markups.flatMap(({ markup }) => (markup === undefined ? [] : [markup])),
  ]);
}

/** The costs of expenses, billable or not. */
export function expenseCosts(expenses: readonly Expense[]): Decimal {
  return sumOf(expenses.map(({ cost }) => cost));
}

/** The margin of a revenue. For fixed fees Float offers two revenues, the fee or the fees of the work; the caller chooses. */
export function marginOf(revenue: Decimal, costs: Decimal): Margin {
  const profit = minus(revenue, costs);
  return { profit, percent: percentOf(profit, revenue) };
}

function priced(entries: readonly TimeEntry[], rateOf: RateOf): Priced {
  const amounts: Decimal[] = [];
  let unpricedHours = 0;
  for (const entry of entries) {
    const rate = rateOf(entry);
    if (rate === undefined) unpricedHours += entry.hours;
    else amounts.push(times(rate, decimalOf(entry.hours)));
  }
  return { amount: sumOf(amounts), unpricedHours: roundHours(unpricedHours) };
}
