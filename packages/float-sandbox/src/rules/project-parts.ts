import type { FieldProblem } from '../api-error.js';
import { assigneesOf } from '../model/task-days.js';
import { problem } from '../model/validate.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { placeChanged, refreshWork } from './linked-work.js';
import { mergeTasks } from './merge.js';
import { isBillablePlace, ofClient, phaseProblem, projectOf } from './places.js';
import { membersOf } from './project-team.js';
import { effective, type Rules, sqlOf } from './rules.js';

const DRAFT = 0;
const TENTATIVE = 1;
const CONFIRMED = 2;

/** Rules of phases. */
export const phaseRules: Rules = {
  complete(world, draft) {
    if (draft.before !== undefined) return {};
    const project = projectOf(world, draft.values);
    const status = Math.min(Number(project?.['status'] ?? CONFIRMED), CONFIRMED);
    return { status: draft.values['status'] ?? status, color: draft.values['color'] ?? project?.['color'] ?? null };
  },
  check: (world, row) => statusProblem(world, row),
  afterSave: (world, row, before) => before && placeChanged(world, 'phase_id', { row, before }),
  present: (_world, row) => ({ tentative: row['status'] === TENTATIVE ? 1 : 0 }),
  expand: {
    phase_tasks: (world, row) =>
      world.store.select('project-tasks', { where: [equal('phase_id', sqlOf(row['phase_id']))] }),
    phase_team: phaseTeam,
  },
};

/** The people scheduled in the phase, with role and rate from the project's team. */
function phaseTeam(world: World, row: Row): Row[] {
  const work = world.store.select('allocations', { where: [equal('phase_id', sqlOf(row['phase_id']))] });
  const scheduled = new Set(work.flatMap(assigneesOf));
  return membersOf(projectOf(world, row)?.['project_team'])
    .filter(({ people_id }) => scheduled.has(people_id))
    .map(({ people_id, role_id, hourly_rate }) => ({ people_id, role_id, hourly_rate }));
}

/** A phase is never firmer than its project, and a draft phase needs a draft project. */
function statusProblem(world: World, row: Row): FieldProblem[] {
  const project = projectOf(world, row);
  if (project === undefined) return [];
  const firmness = Math.min(Number(project['status']), CONFIRMED);
  const allowed = { [DRAFT]: [DRAFT], [TENTATIVE]: [TENTATIVE, CONFIRMED], [CONFIRMED]: [CONFIRMED] };
  const fits = allowed[Number(row['status']) as keyof typeof allowed] ?? [];
  return fits.includes(firmness) ? [] : [problem('status', "does not fit the project's status.")];
}

/** Rules of project tasks. */
export const projectTaskRules: Rules = {
  complete(world, draft) {
    return draft.before === undefined && draft.values['billable'] === undefined
      ? { billable: isBillablePlace(world, draft.values) ? 1 : 0 }
      : {};
  },
  check(world, row, draft) {
    const billable = effective(draft, 'billable') === 1 && !isBillablePlace(world, row);
    const wrong = billable ? [problem('billable', 'is not allowed in a non-billable project or phase.')] : [];
    return [...wrong, ...phaseProblem(world, row)];
  },
  afterSave(world, row, before) {
    if (before !== undefined) refreshWork(world, equal('task_meta_id', sqlOf(row['task_meta_id'])));
  },
  actions: { merge: { run: mergeTasks } },
  // Float's behaviour is unknown; rejecting the deletion loses nothing.
  checkDelete: (world, row) =>
    linksOf(world, row, 'allocations') + linksOf(world, row, 'logged-time') > 0
      ? [problem('task_meta_id', 'is in use: merge it into another project task instead.')]
      : [],
  present: (world, row) => ({
    count_tasks: linksOf(world, row, 'allocations'),
    count_logged_time: linksOf(world, row, 'logged-time'),
  }),
};

/** Rules of milestones. */
export const milestoneRules: Rules = {
  check: (world, row) => phaseProblem(world, row),
  filters: { client_id: ofClient },
};

function linksOf(world: World, row: Row, key: 'allocations' | 'logged-time'): number {
  // An entry with 0 hours is deleted from the user's point of view.
  const alive = { sql: 'hours > 0', values: [] };
  return world.store.count(key, [equal('task_meta_id', sqlOf(row['task_meta_id'])), alive]);
}
