import { problem } from '../model/validate.js';
import type { FieldProblem } from '../refusal.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { effective, idAt, type Rules, sqlOf } from './rules.js';

const DRAFT = 0;
const TENTATIVE = 1;
const CONFIRMED = 2;

export const phaseRules: Rules = {
  complete(world, draft) {
    if (draft.before !== undefined) return {};
    const project = projectOf(world, draft.values);
    const status = Math.min(Number(project?.['status'] ?? CONFIRMED), CONFIRMED);
    return { status: draft.values['status'] ?? status, color: draft.values['color'] ?? project?.['color'] ?? null };
  },
  check: (world, row) => statusProblem(world, row),
  expand: {
    phase_tasks: (world, row) =>
      world.store.select('project-tasks', { where: [equal('phase_id', sqlOf(row['phase_id']))] }),
    phase_team: () => [],
  },
};

/** A phase is never firmer than its project, and a draft phase needs a draft project. */
function statusProblem(world: World, row: Row): FieldProblem[] {
  const project = projectOf(world, row);
  if (project === undefined) return [];
  const firmness = Math.min(Number(project['status']), CONFIRMED);
  const allowed = { [DRAFT]: [DRAFT], [TENTATIVE]: [TENTATIVE, CONFIRMED], [CONFIRMED]: [CONFIRMED] };
  const fits = allowed[Number(row['status']) as keyof typeof allowed] ?? [];
  return fits.includes(firmness) ? [] : [problem('status', "does not fit the project's status.")];
}

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
  // What Float does here is not known; refusing loses nothing.
  checkDelete: (world, row) =>
    linksOf(world, row, 'allocations') + linksOf(world, row, 'logged-time') > 0
      ? [problem('task_meta_id', 'is in use: merge it into another project task instead.')]
      : [],
  present: (world, row) => ({
    count_tasks: linksOf(world, row, 'allocations'),
    count_logged_time: linksOf(world, row, 'logged-time'),
  }),
};

export const milestoneRules: Rules = {
  check: (world, row) => phaseProblem(world, row),
  filters: { client_id: ofClient },
};

function linksOf(world: World, row: Row, key: 'allocations' | 'logged-time'): number {
  return world.store.count(key, [equal('task_meta_id', sqlOf(row['task_meta_id']))]);
}

/** Billable counts only where project and phase are. */
export function isBillablePlace(world: World, row: Row): boolean {
  const phase = idAt(row, 'phase_id');
  const places = [projectOf(world, row), phase === undefined ? undefined : world.store.find('phases', phase)];
  return places.every((place) => place?.['non_billable'] !== 1);
}

/** The phase a record names belongs to the project it names. */
export function phaseProblem(world: World, row: Row): FieldProblem[] {
  const id = idAt(row, 'phase_id');
  const phase = id === undefined ? undefined : world.store.find('phases', id);
  if (phase === undefined || phase['project_id'] === row['project_id']) return [];
  return [problem('phase_id', 'belongs to another project.')];
}

export function ofClient(value: string) {
  const sql = 'project_id IN (SELECT project_id FROM projects WHERE client_id = ?)';
  return { sql, values: [Number(value)] };
}

function projectOf(world: World, row: Row): Row | undefined {
  const id = idAt(row, 'project_id');
  return id === undefined ? undefined : world.store.find('projects', id);
}
