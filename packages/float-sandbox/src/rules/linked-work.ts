/** Keeps the task name and the billable mark of allocations and time entries up to date. */
import { touched } from '../model/authorship.js';
import { type Clause, equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { isBillablePlace } from './places.js';
import { idAt, recordIdOf, sqlOf } from './rules.js';

/** The resources that carry the name of their project task. */
export const WORK = [
  { key: 'allocations', id: 'task_id', name: 'name' },
  { key: 'logged-time', id: 'logged_time_id', name: 'task_name' },
] as const;

/** Work is billable if its project, phase and project task all are. */
export function billableOf(world: World, row: Row, task: Row | undefined): 0 | 1 {
  return isBillablePlace(world, row) && task?.['billable'] !== 0 ? 1 : 0;
}

/** Updates the matching work after a change of its project, phase or project task. */
export function refreshWork(world: World, where: Clause): void {
  for (const { key, id, name } of WORK) {
    for (const row of world.store.select(key, { where: [where] })) {
      const task = taskOf(world, row);
      const truth = { [name]: task?.['task_name'] ?? row[name], billable: billableOf(world, row, task) };
      if (truth[name] === row[name] && truth.billable === row['billable']) continue;
      world.store.update(key, recordIdOf(row[id]), { ...truth, ...touched(world, key) });
    }
  }
}

function taskOf(world: World, row: Row): Row | undefined {
  const id = idAt(row, 'task_meta_id');
  return id === undefined ? undefined : world.store.find('project-tasks', id);
}

/** When a project or phase becomes non-billable, so do its project tasks: billable ones are not allowed there. */
export function placeChanged(world: World, place: 'project_id' | 'phase_id', rows: { row: Row; before: Row }): void {
  const { row, before } = rows;
  if (row['non_billable'] === before['non_billable']) return;
  const here = equal(place, sqlOf(row[place]));
  if (row['non_billable'] === 1) {
    for (const task of world.store.select('project-tasks', { where: [here, equal('billable', 1)] })) {
      const changes = { billable: 0, ...touched(world, 'project-tasks') };
      world.store.update('project-tasks', recordIdOf(task['task_meta_id']), changes);
    }
  }
  refreshWork(world, here);
}
