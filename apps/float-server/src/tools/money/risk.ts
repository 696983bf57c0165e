/** Risks of one project. */
import {
  type BudgetStanding,
  type DataSet,
  type Day,
  type DayRange,
  dayOfTimestamp,
  lastDayOf,
  later,
  type Risk,
  risksOf,
  runOutOf,
  standingByPart,
  standingOf,
  type Use,
} from 'resource-planning';
import * as z from 'zod';
import { sumHours } from '../plan/format.js';
import { statusOf } from '../plan/parent-status.js';
import type { PortfolioProject } from '../project/read-portfolio.js';
import { expenseUses, type ProjectCost } from './expenses.js';
import { entriesIn, type Ledger, partNames, usesIn } from './ledger.js';

/** By severity, the worst first. */
const KINDS = [
  'over-budget',
  'part-over-budget',
  'budget-runs-out',
  'past-end-date',
  'work-after-end',
  'milestone-after-end',
  'no-team',
  'unassigned-work',
] as const;

/** Output schema of a risk. */
export const RISK = z.object({
  kind: z.enum(KINDS),
  on: z.string().optional().describe('budget-runs-out: first day with work it does not cover'),
  parts: z.array(z.string()).optional().describe('part-over-budget: phases or project tasks'),
  end: z.string().optional().describe('end date of the project'),
  last_work: z.string().optional(),
  milestones: z.array(z.string()).optional(),
  hours: z.number().optional().describe('unassigned-work: hours in the range'),
});
/** A risk in an answer. */
export type RiskRow = z.output<typeof RISK>;

/** The settings of a check. */
export interface RiskOptions {
  readonly today: Day;
  /** Plans are checked up to its end; unassigned work is counted inside it. */
  readonly range: DayRange;
  readonly basis: DataSet;
  /** Ids of people who are not archived. A team of archived people counts as none. */
  readonly active: ReadonlySet<number>;
  readonly expenses: readonly ProjectCost[];
}

/** The result of a check. */
export interface ProjectCheck {
  /** The use of the budget before today. */
  readonly standing: BudgetStanding;
  readonly risks: readonly RiskRow[];
  readonly end: Day | undefined;
  readonly unpricedHours: number;
}

/** Checks one project for risks. */
export function checkProject(project: PortfolioProject, ledger: Ledger, looking: RiskOptions): ProjectCheck {
  const { today, range, basis, expenses } = looking;
  const { budget } = ledger;
  const { uses, unpricedHours } = usesIn(ledger, entriesIn(ledger, basis, today));
  const extra = budget.unit === 'money' ? expenseUses(expenses, budget.kind, project.range.from) : [];
  const all = [...uses, ...extra].filter(({ day }) => day <= range.to);
  const standing = standingOf(budget.total, before(all, today));
  const end = endOf(project);
  const planned = ledger.scheduled.filter(({ day }) => day <= range.to);
  const risks = risksOf(
    {
      standing,
      runOut: runOutOf(budget.total, all),
      span: { end },
      finished: ['complete', 'cancelled'].includes(statusOf(project.project.status)),
      lastWork: planned.length === 0 ? undefined : planned.map(({ day }) => day).reduce(later),
      milestones: milestonesUpTo(project, range.to),
      teamSize: teamOf(project).filter((id) => looking.active.has(id)).length,
      unassignedHours: openHours(ledger, { from: later(range.from, today), to: range.to }),
    },
    today,
  );
  const parts = partsOver(project, ledger, before(uses, today));
  const rows = [...risks.map(rowOf), ...(parts.length === 0 ? [] : [{ kind: 'part-over-budget' as const, parts }])];
  return { standing, risks: rows.sort((a, b) => severity(a) - severity(b)), end, unpricedHours };
}

/** The rank of a risk; 0 is the worst. */
export function severity({ kind }: RiskRow): number {
  return KINDS.indexOf(kind);
}

function before(uses: readonly Use[], today: Day): Use[] {
  return uses.filter(({ day }) => day < today);
}

/**
 * The end of a project. Where no end is set, Float returns one derived from the parts of the project. If work repeats
 * without an end, a derived end is ignored: it would mark all further work as late.
 */
function endOf({ project, phases, milestones, plan }: PortfolioProject): Day | undefined {
  const end = project.end_date ?? undefined;
  if (plan.allocations.every((booking) => lastDayOf(booking) !== undefined)) return end;
  const parts = [
    ...phases.map((phase) => phase.end_date),
    ...milestones.map(({ date, end_date: last }) => dayOfTimestamp(last ?? date)),
    ...plan.allocations.flatMap((booking) => [booking.to, booking.repeatUntil, lastDayOf(booking)]),
  ];
  return parts.includes(end) ? undefined : end;
}

function milestonesUpTo({ milestones }: PortfolioProject, to: Day) {
  return milestones
    .map(({ name, date, end_date: end }) => ({ name, day: dayOfTimestamp(end ?? date) }))
    .filter(({ day }) => day <= to);
}

/** Booked people count as team even if the team does not list them. */
function teamOf({ project, phases, plan }: PortfolioProject): number[] {
  const rows = [project.project_team, ...phases.map(({ phase_team: team }) => team)].flatMap((team) => team ?? []);
  const listed = rows.map((row: Readonly<Record<string, unknown>>) => Number(row['people_id']));
  return [...new Set([...listed, ...plan.allocations.flatMap(({ personIds }) => personIds)])];
}

function openHours({ scheduled }: Ledger, { from, to }: DayRange): number {
  const open = scheduled.filter(({ personId, day }) => personId === undefined && from <= day && day <= to);
  return sumHours(open.map(({ hours }) => hours));
}

function partsOver(project: PortfolioProject, { budget }: Ledger, uses: readonly Use[]): string[] {
  const names = partNames(budget, project);
  return [...standingByPart(budget, uses)].flatMap(([id, { over }]) => (over ? [names(id)] : []));
}

function rowOf(risk: Risk): RiskRow {
  switch (risk.kind) {
    case 'work-after-end':
      return { kind: risk.kind, end: risk.end, last_work: risk.lastWork };
    case 'milestone-after-end':
      return { kind: risk.kind, end: risk.end, milestones: [...risk.milestones] };
    default:
      return { ...risk };
  }
}
