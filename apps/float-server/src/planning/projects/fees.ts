import { type Decimal, decimalOf, minus, sumOf, times } from '../money/decimal.js';
import { percentOf } from '../percent.js';
import { tidyHours } from '../workload.js';
import type { BudgetKind } from './budget.js';
import type { RateOf } from './budget-use.js';
import type { TimeEntry } from './time-entry.js';

/** An amount, and the hours that are not in it because nobody set a rate for them. */
export interface Priced {
  readonly amount: Decimal;
  readonly unpricedHours: number;
}

export interface Expense {
  readonly cost: Decimal;
  /** An amount on top of the cost, billed in time and materials only. */
  readonly markup?: Decimal | undefined;
  readonly billable: boolean;
}

export interface Margin {
  readonly profit: Decimal;
  /** Share of the revenue. Absent without revenue. */
  readonly percent?: number | undefined;
}

/** Billable hours at their bill rates. */
export function feesOf(entries: readonly TimeEntry[], billRate: RateOf): Priced {
  return priced(
    entries.filter(({ billable }) => billable),
    billRate,
  );
}

/** All hours at their cost rates: an hour that is not billed costs as much as one that is. */
export function costsOf(entries: readonly TimeEntry[], costRate: RateOf): Priced {
  return priced(entries, costRate);
}

/** What expenses add to the fees. Markup raises what is billed, not what it costs. */
export function expenseFees(expenses: readonly Expense[], kind: BudgetKind): Decimal {
  const billed = expenses.filter(({ billable }) => billable);
  const markups = kind === 'time-and-materials' ? billed : [];
  return sumOf([
    ...billed.map(({ cost }) => cost),
    ...markups.flatMap(({ markup }) => (markup === undefined ? [] : [markup])),
  ]);
}

/** Expenses cost what they cost, billable or not. */
export function expenseCosts(expenses: readonly Expense[]): Decimal {
  return sumOf(expenses.map(({ cost }) => cost));
}

/**
 * Float offers two revenues for a fixed fee, the fee itself or the fees of the work, and the fees for all else; the caller
 * says which.
 */
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
  return { amount: sumOf(amounts), unpricedHours: tidyHours(unpricedHours) };
}
