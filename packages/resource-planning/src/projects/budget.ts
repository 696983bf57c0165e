import { type Decimal, sumOf } from '../money/decimal.js';
import type { TimeEntry } from './time-entry.js';

/** Kinds of budgets. */
export type BudgetKind = 'none' | 'fixed-hours' | 'fixed-fee' | 'time-and-materials';
/** Levels at which a budget is set. */
export type BudgetLevel = 'project' | 'phase' | 'task';

/**
 * The budget of a project. Float's help lists five kinds: hours by project, fee by project, hourly fee (now time and
 * materials), hours by phase and fee by phase; hours and fee by project task were added later.
 */
export interface Budget {
  readonly kind: BudgetKind;
  readonly level: BudgetLevel;
  /** The unit of the amounts. Work without a budget is counted in hours. */
  readonly unit: 'hours' | 'money';
  /** Undefined without a limit: no budget, an hourly fee, or no part with a total. */
  readonly total?: Decimal | undefined;
  /** The phases or project tasks among which it is divided, including those without a total. */
  readonly parts: readonly BudgetPart[];
}

/** The budget of a phase or project task. */
export interface BudgetPart {
  readonly id: number;
  readonly total?: Decimal | undefined;
}

/** The fields of Float's records that define a budget. */
export interface BudgetFields {
  /** Float's `budget_type`. */
  readonly type?: number | null | undefined;
  /** Float's `budget_priority`. */
  readonly priority?: number | null | undefined;
  readonly total?: Decimal | undefined;
  readonly phases: readonly BudgetPart[];
  readonly tasks: readonly BudgetPart[];
}

const KINDS: readonly BudgetKind[] = ['none', 'fixed-hours', 'fixed-fee', 'time-and-materials'];
const LEVELS: readonly BudgetLevel[] = ['project', 'phase', 'task'];

/** Derives the budget of a project. An unknown code counts as no budget, since its unit is unknown. */
export function budgetOf(fields: BudgetFields): Budget {
  const kind = KINDS[fields.type ?? 0] ?? 'none';
  const level = kind === 'none' ? 'project' : (LEVELS[fields.priority ?? 0] ?? 'project');
  const unit = kind === 'fixed-fee' || kind === 'time-and-materials' ? 'money' : 'hours';
  const parts = level === 'phase' ? fields.phases : level === 'task' ? fields.tasks : [];
  const isFixed = kind === 'fixed-hours' || kind === 'fixed-fee';
  if (!isFixed) return { kind, level, unit, parts: parts.map(({ id }) => ({ id })) };
  return { kind, level, unit, total: level === 'project' ? fields.total : totalOf(parts), parts };
}

/**
 * Whether an entry uses the budget. Non-billable work never does. With a budget by phase, Float treats work outside any
 * phase as non-billable; that budgets by task exclude work without a task is inferred from "similarly".
 */
export function usesBudget(budget: Budget, entry: TimeEntry): boolean {
  return entry.billable && (budget.level === 'project' || partOf(budget, entry) !== undefined);
}

/** The id of the phase or project task of an entry. Float represents "no phase" as 0. */
export function partOf(budget: Budget, { phaseId, taskId }: TimeEntry): number | undefined {
  if (budget.level === 'project') return undefined;
  return (budget.level === 'phase' ? phaseId : taskId) || undefined;
}

/** The total of a divided budget: the sum of its parts, as Float displays it. */
function totalOf(parts: readonly BudgetPart[]): Decimal | undefined {
  const set = parts.flatMap(({ total }) => (total === undefined ? [] : [total]));
  return set.length === 0 ? undefined : sumOf(set);
}
