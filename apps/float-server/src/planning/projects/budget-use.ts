import type { Day } from '../day.js';
import { compare, type Decimal, decimalOf, minus, sumOf, times } from '../money/decimal.js';
import { percentOf } from '../percent.js';
import { tidyHours } from '../workload.js';
import { type Budget, partOf, usesBudget } from './budget.js';
import type { TimeEntry } from './time-entry.js';

/** What a rate card says about an hour of work. `undefined` when no rate is set anywhere. */
export type RateOf = (entry: TimeEntry) => Decimal | undefined;

/** What one entry takes from a budget. */
export interface Use {
  readonly day: Day;
  readonly amount: Decimal;
  /** The phase or project task, where the budget is divided among them. */
  readonly part?: number | undefined;
}

export interface Uses {
  readonly uses: readonly Use[];
  /** Billable hours without any rate: they are in no amount, and whoever reads it has to know. */
  readonly unpricedHours: number;
}

export interface BudgetStanding {
  readonly used: Decimal;
  readonly total?: Decimal | undefined;
  /** Negative when over budget. */
  readonly remaining?: Decimal | undefined;
  /** Absent for a budget of 0 or less. */
  readonly percent?: number | undefined;
  readonly over: boolean;
}

/** Hours count as hours, or at their bill rate where the budget is money. Amounts are exact; round what is shown. */
export function usesOf(budget: Budget, entries: readonly TimeEntry[], rateOf: RateOf): Uses {
  const uses: Use[] = [];
  let unpricedHours = 0;
  for (const entry of entries) {
    if (!usesBudget(budget, entry)) continue;
    const hours = decimalOf(entry.hours);
    const rate = budget.unit === 'money' ? rateOf(entry) : undefined;
    if (budget.unit === 'money' && rate === undefined) unpricedHours += entry.hours;
    else {
      const amount = rate === undefined ? hours : times(hours, rate);
      uses.push({ day: entry.day, amount, part: partOf(budget, entry) });
    }
  }
  return { uses, unpricedHours: tidyHours(unpricedHours) };
}

/** Where a budget stands once all of this is done. `extra` is what else counts, such as billable expenses. */
export function standingOf(total: Decimal | undefined, uses: readonly Use[], extra?: Decimal): BudgetStanding {
  const used = sumOf([...uses.map(({ amount }) => amount), ...(extra === undefined ? [] : [extra])]);
  if (total === undefined) return { used, over: false };
  const remaining = minus(total, used);
  return { used, total, remaining, percent: percentOf(used, total), over: compare(used, total) > 0 };
}

/** The standing of each phase or project task, in the order of the budget; parts it does not know come last. */
export function standingByPart(budget: Budget, uses: readonly Use[]): Map<number, BudgetStanding> {
  const byPart = new Map<number, Use[]>(budget.parts.map(({ id }) => [id, []]));
  for (const use of uses) {
    if (use.part === undefined) continue;
    const list = byPart.get(use.part) ?? [];
    list.push(use);
    byPart.set(use.part, list);
  }
  const totals = new Map(budget.parts.map(({ id, total }) => [id, total]));
  return new Map([...byPart].map(([id, list]) => [id, standingOf(totals.get(id), list)]));
}
