/** POST /project-tasks/merge: merges project tasks and moves their linked records. */

import { invalid } from '../api-error.js';
import { touched } from '../model/authorship.js';
import { removeRecord } from '../model/cascade.js';
import { problem } from '../model/validate.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { refreshWork, WORK } from './linked-work.js';
import { isBillablePlace } from './places.js';
import { recordIdOf, sqlOf } from './rules.js';

/** Merges the given project tasks into one. */
export function mergeTasks(world: World, body: Row): Row {
  const tasks = tasksOf(world, body['task_meta_ids']);
  const project = tasks[0]?.['project_id'];
  if (tasks.some((task) => task['project_id'] !== project)) {
    throw invalid([problem('task_meta_ids', 'must belong to the same project.')]);
  }
  const survivor = namesake(world, { project, name: body['task_name'] }) ?? tasks[0] ?? {};
  const billable = body['billable'] ?? survivor['billable'];
  if (billable === 1 && !isBillablePlace(world, survivor)) {
    throw invalid([problem('billable', 'is not allowed in a non-billable project or phase.')]);
  }
  const id = recordIdOf(survivor['task_meta_id']);
  world.store.update('project-tasks', id, {
    task_name: body['task_name'],
    billable,
    ...touched(world, 'project-tasks'),
  });
  for (const task of tasks) {
    if (task['task_meta_id'] !== id) moveWork(world, recordIdOf(task['task_meta_id']), id);
  }
  refreshWork(world, equal('task_meta_id', id));
  return world.store.find('project-tasks', id) ?? {};
}

function tasksOf(world: World, ids: unknown): Row[] {
  const unique = [...new Set(Array.isArray(ids) ? ids : [])];
  return unique.map((id) => world.store.find('project-tasks', id) ?? {});
}

/** A task that already has the name survives the merge, even if it is not among the given ones. */
function namesake(world: World, { project, name }: { project: unknown; name: unknown }): Row | undefined {
  const where = [equal('project_id', sqlOf(project)), { sql: 'lower(task_name) = lower(?)', values: [sqlOf(name)] }];
  return world.store.select('project-tasks', { where })[0];
}

function moveWork(world: World, from: number | string, to: number | string): void {
  for (const { key, id } of WORK) {
    for (const row of world.store.select(key, { where: [equal('task_meta_id', from)] })) {
      world.store.update(key, recordIdOf(row[id]), { task_meta_id: to, ...touched(world, key) });
    }
  }
  removeRecord(world, 'project-tasks', from);
}
