/** The work of one project with the rates and the budget that turn it into amounts. */
import type { Phase, Project, ProjectTask } from 'float-api';
import {
  type BillRate,
  type Budget,
  type BudgetPart,
  budgetOf,
  type DataSet,
  type Day,
  type DayRange,
  entriesOf,
  moneyOf,
  type Plan,
  type RateOf,
  type ScheduledTime,
  scheduledTime,
  type TimeEntry,
  type Uses,
  usesOf,
} from 'resource-planning';
import type { Booking } from '../plan/records.js';
import { requireLogged } from '../project/logged.js';
import { billRates, type RateRecords } from './rates.js';

/** The part of `readProject`'s result that amounts need. */
export interface ProjectRecords {
  readonly project: Project;
  readonly phases: readonly Phase[];
  readonly tasks: readonly ProjectTask[];
  readonly plan: Plan<Booking>;
  /** Undefined if the account has no time tracking. */
  readonly logged: readonly TimeEntry[] | undefined;
  readonly range: DayRange;
}

/** The work, rates and budget of one project. */
export interface Ledger {
  readonly budget: Budget;
  readonly rateOf: (entry: TimeEntry) => BillRate | undefined;
  readonly scheduled: readonly ScheduledTime[];
  /** Tentative and draft work that is not part of `scheduled`. */
  readonly leftOut: readonly ScheduledTime[];
  readonly logged: readonly TimeEntry[] | undefined;
}

/** Options of `ledgerOf`. */
export interface LedgerOptions {
  readonly includeTentative: boolean;
}

/** Builds the ledger of a project. */
export function ledgerOf(records: ProjectRecords, rates: RateRecords, { includeTentative }: LedgerOptions): Ledger {
  const all = scheduledTime(onlyBooked(records.plan), records.range, { includeTentative: true });
  return {
    budget: budgetOfProject(records),
    rateOf: billRates(records, rates),
    scheduled: all.filter(({ tentative }) => includeTentative || !tentative),
    leftOut: all.filter(({ tentative }) => tentative && !includeTentative),
    logged: records.logged,
  };
}

/**
 * The entries of a basis.
 *
 * @throws ToolProblem if the basis needs logged time and the account has none
 */
export function entriesIn({ scheduled, logged }: Ledger, set: DataSet, today: Day): readonly TimeEntry[] {
  if (set === 'scheduled') return scheduled;
  const known = requireLogged(logged, 'Use basis "scheduled".');
  return entriesOf<TimeEntry>(set, { scheduled, logged: known }, today);
}

/** The uses of the budget by the given entries. */
export function usesIn({ budget, rateOf }: Ledger, entries: readonly TimeEntry[]): Uses {
  return usesOf(budget, entries, plainRate(rateOf));
}

/** The rate alone, without its level. */
export function plainRate(rateOf: Ledger['rateOf']): RateOf {
  return (entry) => rateOf(entry)?.rate;
}

/** Names of the phases or project tasks among which a budget is divided. */
export function partNames(
  { level }: Budget,
  { phases, tasks }: Pick<ProjectRecords, 'phases' | 'tasks'>,
): (id: number) => string {
  const names = new Map<number, string>(
    level === 'phase'
      ? phases.map(({ phase_id: id, name }) => [id, name])
      : tasks.map(({ task_meta_id: id, task_name: name }) => [id, name]),
  );
  return (id) => names.get(id) || `#${id}`;
}

function budgetOfProject({ project, phases, tasks }: ProjectRecords): Budget {
  return budgetOf({
    type: project.budget_type,
    priority: project.budget_priority,
    total: moneyOf(project.budget_total),
    phases: phases.map(({ phase_id: id, budget_total: total }) => partOf(id, total)),
    tasks: tasks.map(({ task_meta_id: id, budget }) => partOf(id, budget)),
  });
}

function partOf(id: number, total: string | null | undefined): BudgetPart {
  return { id, total: moneyOf(total) };
}

/** Leaves out people without bookings, whose days would take most of the time to walk. */
function onlyBooked(plan: Plan<Booking>): Plan<Booking> {
  const booked = new Set(plan.allocations.flatMap(({ personIds }) => personIds));
  return { ...plan, people: plan.people.filter(({ id }) => booked.has(id)) };
}
