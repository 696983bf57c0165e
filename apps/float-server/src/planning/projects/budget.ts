import { type Decimal, sumOf } from '../money/decimal.js';
import type { TimeEntry } from './time-entry.js';

export type BudgetKind = 'none' | 'fixed-hours' | 'fixed-fee' | 'time-and-materials';
export type BudgetLevel = 'project' | 'phase' | 'task';

/**
 * A budget of a project. Float's help names five kinds: hours by project, fee by project, hourly fee (now called time and
 * materials), hours by phase and fee by phase; hours and fee by project task came later.
 */
export interface Budget {
  readonly kind: BudgetKind;
  readonly level: BudgetLevel;
  /** What it is counted in. Work without a budget is counted in hours. */
  readonly unit: 'hours' | 'money';
  /** Absent where there is nothing to use up: no budget, an hourly fee, or none of the parts has one. */
  readonly total?: Decimal | undefined;
  /** The phases or project tasks it is divided among, also those without a total of their own. */
  readonly parts: readonly BudgetPart[];
}

export interface BudgetPart {
  readonly id: number;
  readonly total?: Decimal | undefined;
}

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

/** Codes from the future are taken as no budget: a number without a known meaning is not to be called money. */
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
 * Does this work use the budget? Non-billable work never does. With a budget by phase, Float takes work outside any phase
 * as non-billable; that a budget by task leaves out work without a project task is our reading of "similarly".
 */
export function usesBudget(budget: Budget, entry: TimeEntry): boolean {
  return entry.billable && (budget.level === 'project' || partOf(budget, entry) !== undefined);
}

/** The id of the phase or project task the work belongs to. Float writes "no phase" as 0. */
export function partOf(budget: Budget, { phaseId, taskId }: TimeEntry): number | undefined {
  if (budget.level === 'project') return undefined;
  return (budget.level === 'phase' ? phaseId : taskId) || undefined;
}

/** Float shows the sum of the parts as the total of the project. */
function totalOf(parts: readonly BudgetPart[]): Decimal | undefined {
  const set = parts.flatMap(({ total }) => (total === undefined ? [] : [total]));
  return set.length === 0 ? undefined : sumOf(set);
}
