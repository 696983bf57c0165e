import type { FieldProblem } from '../api-error.js';
import { problem } from '../model/validate.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { placeChanged } from './linked-work.js';
import { applyInstruction, deleteWorkOfFormerMembers, membersOf, teamProblems } from './project-team.js';
import { type Draft, effective, idAt, type Rules, sqlOf } from './rules.js';
import { projectFromTemplate } from './templates.js';

/** Colours of projects without one, assigned in turn as in Float. */
const PALETTE = ['2e86ab', 'a23b72', 'f18f01', 'c73e1d', '3b1f2b', '44bba4', '6c5b7b', '4f6d7a'];
/** Budget types with a total on the project: total hours and total fee. */
const TOTAL_BUDGETS = [1, 2];

/** Rules of projects. */
export const projectRules: Rules = {
  complete(world, draft) {
    return { ...firstValues(world, draft), ...stageOf(world, draft), ...budgetOf(draft), ...teamOf(draft) };
  },
  check: (world, row, draft) => [...codeProblem(world, row), ...teamProblems(world, draft.values['project_team'])],
  afterSave(world, row, before) {
    deleteWorkOfFormerMembers(world, row, before);
    if (before !== undefined) placeChanged(world, 'project_id', { row, before });
  },
  actions: { 'from-template': { creates: true, run: projectFromTemplate } },
  present: (world, row) => ({ ...derivedDates(world, row), ...olderForms(row) }),
  expand: {
    project_team: (_world, row) => membersOf(row['project_team']),
    project_tasks: (world, row) =>
      world.store
        .select('project-tasks', { where: [equal('project_id', sqlOf(row['project_id']))] })
        .map(({ task_meta_id, task_name, billable }) => ({ task_meta_id, task_name, billable })),
  },
};

function firstValues(world: World, { values, before }: Draft): Row {
  if (before !== undefined) return {};
  const color = values['color'] ?? PALETTE[world.store.count('projects') % PALETTE.length] ?? null;
  return { color, project_manager: values['project_manager'] ?? world.ownerId() };
}

/** A stage determines the status and takes precedence over one in the same request. */
function stageOf(world: World, { values }: Draft): Row {
  const id = idAt(values, 'stage_id');
  const stage = id === undefined ? undefined : world.store.find('project-stages', id);
  return stage === undefined ? {} : { status: stage['status'] };
}

const TENTATIVE = 1;
const ON_PHASES = 1;

function olderForms(row: Row): Row {
  return {
    tentative: row['status'] === TENTATIVE ? 1 : 0,
    budget_per_phase: row['budget_priority'] === ON_PHASES ? 1 : 0,
  };
}

/** Hourly fees, phase budgets and task budgets have no total on the project. */
function budgetOf(draft: Draft): Row {
  const total = TOTAL_BUDGETS.includes(Number(effective(draft, 'budget_type') ?? 0));
  const onProject = Number(effective(draft, 'budget_priority') ?? 0) === 0;
  return total && onProject ? {} : { budget_total: null };
}

function teamOf({ values, before }: Draft): Row {
  const instruction = values['project_team'];
  if (typeof instruction !== 'object' || instruction === null) return {};
  return { project_team: applyInstruction(membersOf(before?.['project_team']), instruction as Row) };
}

function codeProblem(world: World, row: Row): FieldProblem[] {
  const code = row['project_code'];
  if (typeof code !== 'string' || code === '') return [];
  const where = [
    { sql: 'lower(project_code) = lower(?)', values: [code] },
    { sql: 'project_id <> ?', values: [sqlOf(row['project_id']) ?? 0] },
  ];
  if (world.store.count('projects', where) === 0) return [];
  return [problem('project_code', `"${code}" has already been taken.`)];
}

/** Dates that are not set are derived from phases, milestones, allocations and logged time. */
function derivedDates(world: World, row: Row): Row {
  if (row['start_date'] !== null && row['end_date'] !== null) return {};
  const where = [equal('project_id', sqlOf(row['project_id']))];
  const days = (['phases', 'allocations', 'milestones', 'logged-time'] as const)
    .flatMap((key) => world.store.select(key, { where }))
    .flatMap((part) => [part['start_date'], part['date'], part['end_date'], part['repeat_end_date']])
    .filter((day) => typeof day === 'string')
    .sort();
  return { start_date: row['start_date'] ?? days[0] ?? null, end_date: row['end_date'] ?? days.at(-1) ?? null };
}
