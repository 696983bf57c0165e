import { FloatApiError, type Query, type RecordOf } from 'float-api';
import {
  type BudgetKind,
  type Day,
  decimalOf,
  type Expense,
  expenseFees,
  moneyOf,
  times,
  type Use,
  ZERO,
} from 'resource-planning';
import type { ToolCall } from '../tool.js';

/** An expense of a project. */
export interface ProjectCost extends Expense {
  /** Undefined if Float has no date for it. */
  readonly day?: Day | undefined;
}

/** Errors that mean "no expenses". Float does not document the endpoint, so even its path is uncertain. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['feature-off', 'forbidden', 'not-found', 'bad-answer']);
const ONE_PER_CENT = decimalOf('0.01');

/** Expenses by project. Undefined if the account does not provide them, which differs from none. */
export async function readAllExpenses(
  call: ToolCall,
  query: Query = {},
): Promise<ReadonlyMap<number, readonly ProjectCost[]> | undefined> {
  try {
    return byProject(await call.api.listAll('project-expenses', query, call));
  } catch (error) {
    if (error instanceof FloatApiError && UNAVAILABLE.has(error.code)) return undefined;
    throw error;
  }
}

/** Expenses of one project. Undefined if the account does not provide them. */
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

/** The uses of a money budget by expenses. An expense without a date counts at the start of the project. */
export function expenseUses(expenses: readonly ProjectCost[], kind: BudgetKind, begin: Day): Use[] {
  return expenses
    .filter(({ billable }) => billable)
    .map((expense) => ({ day: expense.day ?? begin, amount: expenseFees([expense], kind) }));
}

function expenseOf({ cost: text, markup, billable, date }: RecordOf<'project-expenses'>): ProjectCost {
  const cost = moneyOf(text) ?? ZERO;
  return {
    cost,
    // Float's markup is a percentage.
    markup: times(times(cost, moneyOf(markup) ?? ZERO), ONE_PER_CENT),
    billable: billable !== 0,
    day: date ?? undefined,
  };
}
