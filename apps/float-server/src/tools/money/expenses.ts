import type { Query } from '../../float/client.js';
import { FloatApiError } from '../../float/errors.js';
import type { RecordOf } from '../../float/resources.js';
import type { Day } from '../../planning/day.js';
import { decimalOf, moneyOf, times, ZERO } from '../../planning/money/decimal.js';
import type { BudgetKind } from '../../planning/projects/budget.js';
import type { Use } from '../../planning/projects/budget-use.js';
import { type Expense, expenseFees } from '../../planning/projects/fees.js';
import type { ToolCall } from '../tool.js';

/** Costs on a project that are no hours. */
export interface ProjectCost extends Expense {
  /** Absent where Float has no date for it. */
  readonly day?: Day | undefined;
}

/** Of expenses Float publishes only that they exist, so not even their address is certain. */
const NOT_THERE: ReadonlySet<string> = new Set(['feature-off', 'forbidden', 'not-found', 'bad-answer']);
const ONE_PER_CENT = decimalOf('0.01');

/** By project. `undefined` where the account does not give them, which is not the same as none. */
export async function readAllExpenses(
  call: ToolCall,
  query: Query = {},
): Promise<ReadonlyMap<number, readonly ProjectCost[]> | undefined> {
  try {
    return byProject(await call.api.listAll('project-expenses', query, call));
  } catch (error) {
    if (error instanceof FloatApiError && NOT_THERE.has(error.code)) return undefined;
    throw error;
  }
}

/** Of one project. */
export async function readExpenses(call: ToolCall, projectId: number): Promise<readonly ProjectCost[] | undefined> {
  const found = await readAllExpenses(call, { project_id: projectId });
  return found && (found.get(projectId) ?? []);
}

function byProject(records: readonly RecordOf<'project-expenses'>[]): Map<number, ProjectCost[]> {
  const found = new Map<number, ProjectCost[]>();
  for (const record of records) {
    const own = found.get(record.project_id) ?? [];
    own.push(expenseOf(record));
    found.set(record.project_id, own);
  }
  return found;
}

/** What expenses take from a budget in money. One without a date is taken as spent when the project began. */
export function expenseUses(expenses: readonly ProjectCost[], kind: BudgetKind, begin: Day): Use[] {
  return expenses
    .filter(({ billable }) => billable)
    .map((expense) => ({ day: expense.day ?? begin, amount: expenseFees([expense], kind) }));
}

function expenseOf({ cost: text, markup, billable, date }: RecordOf<'project-expenses'>): ProjectCost {
  const cost = moneyOf(text) ?? ZERO;
  return {
    cost,
    // Float's markup is in per cent.
    markup: times(times(cost, moneyOf(markup) ?? ZERO), ONE_PER_CENT),
    billable: billable !== 0,
    day: date ?? undefined,
  };
}
