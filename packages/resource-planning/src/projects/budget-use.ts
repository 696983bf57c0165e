import type { Day } from '../day.js';
import { compare, type Decimal, decimalOf, minus, sumOf, times } from '../money/decimal.js';
import { percentOf } from '../percent.js';
import { roundHours } from '../workload.js';
import { type Budget, partOf, usesBudget } from './budget.js';
import type { TimeEntry } from './time-entry.js';

/** The rate of an entry; undefined if no rate is set at any level. */
export type RateOf = (entry: TimeEntry) => Decimal | undefined;

/** The use of a budget by one entry. */
export interface Use {
  readonly day: Day;
  readonly amount: Decimal;
  /** Id of the phase or project task, if the budget is divided. */
  readonly part?: number | undefined;
}

/** The uses of a budget. */
export interface Uses {
  readonly uses: readonly Use[];
  /** Billable hours without a rate. They are in no amount, so answers have to state them. */
  readonly unpricedHours: number;
}

/** The state of a budget. */
export interface BudgetStanding {
  readonly used: Decimal;
  readonly total?: Decimal | undefined;
  /** Negative when over budget. */
  readonly remaining?: Decimal | undefined;
  /** Undefined for a total of 0 or less. */
  readonly percent?: number | undefined;
  readonly over: boolean;
}

/**
 * Computes uses: hours, or hours at their bill rate if the budget is money. Amounts are exact; round them for display.
 */
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
  return { uses, unpricedHours: roundHours(unpricedHours) };
}

/**
 * The state of a budget after the given uses.
 *
 * @param extra further amount that counts, such as billable expenses
 */
export function standingOf(total: Decimal | undefined, uses: readonly Use[], extra?: Decimal): BudgetStanding {
  const used = sumOf([...uses.map(({ amount }) => amount), ...(extra === undefined ? [] : [extra])]);
  if (total === undefined) return { used, over: false };
  const remaining = minus(total, used);
  return { used, total, remaining, percent: percentOf(used, total), over: compare(used, total) > 0 };
}

/** The state of each phase or project task, in the order of the budget; unknown parts come last. */
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
