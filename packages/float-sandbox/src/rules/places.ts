/** The project and phase that work belongs to. */

import type { FieldProblem } from '../api-error.js';
import { problem } from '../model/validate.js';
import type { Clause, Row } from '../store/store.js';
import type { World } from '../world.js';
import { idAt } from './rules.js';

/** The project of a record. */
export function projectOf(world: World, row: Row): Row | undefined {
  const id = idAt(row, 'project_id');
  return id === undefined ? undefined : world.store.find('projects', id);
}

/** Whether the project and phase of a record are both billable. */
export function isBillablePlace(world: World, row: Row): boolean {
  const phase = idAt(row, 'phase_id');
  const places = [projectOf(world, row), phase === undefined ? undefined : world.store.find('phases', phase)];
  return places.every((place) => place?.['non_billable'] !== 1);
}

/** Checks that the phase of a record belongs to its project. */
export function phaseProblem(world: World, row: Row): FieldProblem[] {
  const id = idAt(row, 'phase_id');
  const phase = id === undefined ? undefined : world.store.find('phases', id);
  if (phase === undefined || phase['project_id'] === row['project_id']) return [];
  return [problem('phase_id', 'belongs to another project.')];
}

/** A clause for the projects of a client. */
export function ofClient(value: string): Clause {
  const sql = 'project_id IN (SELECT project_id FROM projects WHERE client_id = ?)';
  return { sql, values: [Number(value)] };
}
