/** Fees, costs and margins of a project. */
import {
  costsOf,
  type Decimal,
  expenseCosts,
  expenseFees,
  feesOf,
  marginOf,
  type Priced,
  plus,
  type RateOf,
  type TimeEntry,
  usesBudget,
} from 'resource-planning';
import * as z from 'zod';
import { MONEY, moneyText } from './amount.js';
import type { ProjectCost } from './expenses.js';
import { type Ledger, plainRate } from './ledger.js';

const PRICED = z.object({ amount: MONEY, unpriced_hours: z.number().describe('without any rate: not in the amount') });

type PricedRow = z.output<typeof PRICED>;

const MARGIN = z.object({
  revenue: z.enum(['fees', 'fixed-fee']),
  amount: MONEY,
  profit: MONEY,
  percent: z.number().optional().describe('profit as a share of the revenue'),
});
type MarginRow = z.output<typeof MARGIN>;

/** Output schema of fees, costs and margins. */
export const MARGINS = {
  fees: PRICED.optional().describe('billable hours at bill rates, and billable expenses'),
  costs: PRICED.optional().describe('all hours at cost rates, and all expenses'),
  margins: z
    .array(MARGIN)
    .optional()
    .describe('fees less costs, and the fixed fee where there is one and all work counts'),
};

/** Fees, costs and margins in an answer. */
export interface Margins {
  readonly fees: PricedRow;
  readonly costs: PricedRow;
  readonly margins: MarginRow[];
}

/** The data a margin is computed from. */
export interface Costing {
  /** Entries of the basis. */
  readonly entries: readonly TimeEntry[];
  readonly expenses: readonly ProjectCost[];
  readonly costRate: RateOf;
  /** A fee for all of the work is compared with the costs of all of the work only. */
  readonly wholeWork: boolean;
}

/** Computes fees, costs and margins. */
export function marginsOf({ budget, rateOf }: Ledger, { entries, expenses, costRate, wholeWork }: Costing): Margins {
  const billed = feesOf(
    entries.filter((entry) => usesBudget(budget, entry)),
    plainRate(rateOf),
  );
  const fees = withExpenses(billed, expenseFees(expenses, budget.kind));
  const costs = withExpenses(costsOf(entries, costRate), expenseCosts(expenses));
  const fixedFee = wholeWork && budget.kind === 'fixed-fee' ? budget.total : undefined;
  return {
    fees: pricedRow(fees),
    costs: pricedRow(costs),
    margins: [
      marginRow('fees', fees.amount, costs.amount),
      ...(fixedFee === undefined ? [] : [marginRow('fixed-fee', fixedFee, costs.amount)]),
    ],
  };
}

function withExpenses({ amount, unpricedHours }: Priced, expenses: Decimal): Priced {
  return { amount: plus(amount, expenses), unpricedHours };
}

function pricedRow({ amount, unpricedHours }: Priced): PricedRow {
  return { amount: moneyText(amount), unpriced_hours: unpricedHours };
}

function marginRow(revenue: MarginRow['revenue'], amount: Decimal, costs: Decimal): MarginRow {
  const { profit, percent } = marginOf(amount, costs);
  return {
    revenue,
    amount: moneyText(amount),
    profit: moneyText(profit),
    ...(percent === undefined ? {} : { percent }),
  };
}
