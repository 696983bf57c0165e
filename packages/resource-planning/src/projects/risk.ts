import type { Day } from '../day.js';
import type { BudgetStanding } from './budget-use.js';
import type { RunOut } from './burn.js';
import type { ProjectSpan } from './dates.js';

/** A risk of a project. */
export type Risk =
  | { readonly kind: 'over-budget' }
  | { readonly kind: 'budget-runs-out'; readonly on: Day }
  | { readonly kind: 'past-end-date'; readonly end: Day }
  | { readonly kind: 'work-after-end'; readonly end: Day; readonly lastWork: Day }
  | { readonly kind: 'milestone-after-end'; readonly end: Day; readonly milestones: readonly string[] }
  | { readonly kind: 'no-team' }
  | { readonly kind: 'unassigned-work'; readonly hours: number };

/** The data that risks are derived from. */
export interface ProjectFacts {
  /** Budget used before today. */
  readonly standing: BudgetStanding;
  /** Computed from all planned work. */
  readonly runOut: RunOut;
  /** Explicit dates only: derived ones always contain the work. */
  readonly span: ProjectSpan;
  /** Completed and cancelled projects are finished regardless of their dates. */
  readonly finished: boolean;
  readonly lastWork?: Day | undefined;
  readonly milestones: readonly { readonly name: string; readonly day: Day }[];
  readonly teamSize: number;
  readonly unassignedHours: number;
}

/** The risks of a project, the worst first. A finished project can only be over budget. */
export function risksOf(facts: ProjectFacts, today: Day): Risk[] {
  const budget = budgetRisks(facts, today);
  return facts.finished ? budget.filter(({ kind }) => kind === 'over-budget') : [...budget, ...planRisks(facts, today)];
}

function budgetRisks({ standing, runOut }: ProjectFacts, today: Day): Risk[] {
  if (standing.over) return [{ kind: 'over-budget' }];
  const on = runOut.exceededOn;
  return on !== undefined && on >= today ? [{ kind: 'budget-runs-out', on }] : [];
}

function planRisks(
  { span: { end }, lastWork, milestones, teamSize, unassignedHours }: ProjectFacts,
  today: Day,
): Risk[] {
  const risks: Risk[] = [];
  if (end !== undefined) {
    const late = milestones.filter(({ day }) => day > end).map(({ name }) => name);
    if (end < today) risks.push({ kind: 'past-end-date', end });
    if (lastWork !== undefined && lastWork > end) risks.push({ kind: 'work-after-end', end, lastWork });
    if (late.length > 0) risks.push({ kind: 'milestone-after-end', end, milestones: late });
  }
  if (teamSize === 0) risks.push({ kind: 'no-team' });
  if (unassignedHours > 0) risks.push({ kind: 'unassigned-work', hours: unassignedHours });
  return risks;
}
