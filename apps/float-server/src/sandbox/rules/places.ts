/** Where work belongs: its project, and perhaps a phase of it. */
import { problem } from '../model/validate.js';
import type { FieldProblem } from '../refusal.js';
import type { Clause, Row } from '../store/store.js';
import type { World } from '../world.js';
import { idAt } from './rules.js';

export function projectOf(world: World, row: Row): Row | undefined {
  const id = idAt(row, 'project_id');
  return id === undefined ? undefined : world.store.find('projects', id);
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

export function ofClient(value: string): Clause {
  const sql = 'project_id IN (SELECT project_id FROM projects WHERE client_id = ?)';
  return { sql, values: [Number(value)] };
}
