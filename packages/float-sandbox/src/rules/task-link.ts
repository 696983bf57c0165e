/** Links allocations and time entries to project tasks, by id or by a name that is found or created. */

import type { FieldProblem } from '../api-error.js';
import { problem } from '../model/validate.js';
import { equal, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { billableOf } from './linked-work.js';
import { isBillablePlace, phaseProblem } from './places.js';
import { type Draft, effective, idAt, sqlOf } from './rules.js';

/**
 * The task, name and billable mark of a record. The id takes precedence over the name.
 *
 * @param nameField `name` for allocations, `task_name` for logged time
 */
export function linkTask(world: World, draft: Draft, nameField: string): Row {
  const merged = { ...draft.before, ...draft.values };
  const task = taskOf(world, draft, nameField);
  const billable = billableOf(world, merged, task);
  const name = task?.['task_name'] ?? effective(draft, nameField) ?? null;
  return { task_meta_id: task?.['task_meta_id'] ?? null, [nameField]: name, billable };
}

function taskOf(world: World, draft: Draft, nameField: string): Row | undefined {
  const named = idAt(draft.values, 'task_meta_id');
  if (named !== undefined) return world.store.find('project-tasks', named);
  const name = draft.values[nameField];
  const project = effective(draft, 'project_id');
  if (typeof name === 'string' && name !== '' && typeof project === 'number') return findOrMake(world, project, name);
  if (name === '' || draft.values['task_meta_id'] === null) return undefined;
  const kept = draft.before === undefined ? undefined : idAt(draft.before, 'task_meta_id');
  const task = kept === undefined ? undefined : world.store.find('project-tasks', kept);
  // Work moved to another project gets the task of the same name there.
  const moved = task !== undefined && typeof project === 'number' && task['project_id'] !== project;
  return moved ? findOrMake(world, project, String(task['task_name'])) : task;
}

function findOrMake(world: World, project: number, name: string): Row | undefined {
  const where = [equal('project_id', project), { sql: 'lower(task_name) = lower(?)', values: [name] }];
  const known = world.store.select('project-tasks', { where })[0];
  if (known !== undefined) return known;
  const stamp = world.stamp();
  const billable = isBillablePlace(world, { project_id: project }) ? 1 : 0;
  const task = { project_id: project, phase_id: 0, task_name: name, billable, created: stamp, modified: stamp };
  return world.store.find('project-tasks', world.store.insert('project-tasks', task));
}

/** Checks that phase and project task belong to the project of the record. */
export function placeProblems(world: World, row: Row): FieldProblem[] {
  const id = sqlOf(row['task_meta_id']);
  const task = id === null ? undefined : world.store.find('project-tasks', id);
  const foreign = task !== undefined && task['project_id'] !== row['project_id'];
  return [...phaseProblem(world, row), ...(foreign ? [problem('task_meta_id', 'belongs to another project.')] : [])];
}
