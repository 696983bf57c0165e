/** `project_team` is returned as a list and written as an instruction: {set: [...]}, {add: [...]} or {del: [...]}. */

import type { FieldProblem } from '../api-error.js';
import { touched } from '../model/authorship.js';
import { removeRecord } from '../model/cascade.js';
import { problem } from '../model/validate.js';
import { equal, holds, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { recordIdOf, sqlOf } from './rules.js';

/** A member of a project's team. */
export interface Member {
  readonly people_id: number;
  readonly role_id: number | null;
  readonly phase_id: 0;
  readonly hourly_rate: string | null;
}

/** The members in a list. */
export function membersOf(value: unknown): Member[] {
  return Array.isArray(value) ? value.flatMap(memberOf) : [];
}

/** A member may be an object or a person id. */
function memberOf(value: unknown): Member[] {
  if (typeof value === 'number') return [{ people_id: value, role_id: null, phase_id: 0, hourly_rate: null }];
  if (typeof value !== 'object' || value === null) return [];
  const { people_id, role_id, hourly_rate } = value as Row;
  if (typeof people_id !== 'number') return [];
  const rate = hourly_rate === undefined || hourly_rate === null ? null : Number(hourly_rate).toFixed(2);
  return [{ people_id, role_id: typeof role_id === 'number' ? role_id : null, phase_id: 0, hourly_rate: rate }];
}

/** Applies an instruction to a team. */
export function applyInstruction(team: readonly Member[], instruction: Row): Member[] {
  const set = instruction['set'];
  if (set !== undefined) return membersOf(set);
  const added = membersOf(instruction['add']);
  const gone = new Set([...membersOf(instruction['del']), ...added].map((member) => member.people_id));
  return [...team.filter((member) => !gone.has(member.people_id)), ...added];
}

/** Validates an instruction before it deletes any work. */
export function teamProblems(world: World, instruction: unknown): FieldProblem[] {
  if (typeof instruction !== 'object' || instruction === null) return [];
  const parts = INSTRUCTIONS.map((name) => (instruction as Row)[name]).filter((part) => part !== undefined);
  if (parts.length === 0 || !parts.every(Array.isArray)) {
    return [problem('project_team', 'must have a list under "set", "add" or "del".')];
  }
  const members = parts.flat();
  const known = members.every((member) => isKnownMember(world, member));
  return known ? [] : [problem('project_team', 'names a person or role that does not exist.')];
}

const INSTRUCTIONS = ['set', 'add', 'del'];

function isKnownMember(world: World, value: unknown): boolean {
  const [member] = membersOf([value]);
  if (member === undefined || world.store.find('people', member.people_id) === undefined) return false;
  const hasRole = member.role_id === null || world.store.find('roles', member.role_id) !== undefined;
  return hasRole && (member.hourly_rate === null || Number.isFinite(Number(member.hourly_rate)));
}

/** Deletes the allocations and logged time of people who leave the team of a project, as Float does. */
export function deleteWorkOfFormerMembers(world: World, row: Row, before: Row | undefined): void {
  const staying = new Set(membersOf(row['project_team']).map((member) => member.people_id));
  const former = membersOf(before?.['project_team']).filter((member) => !staying.has(member.people_id));
  for (const { people_id } of former) {
    const project = equal('project_id', sqlOf(row['project_id']));
    for (const entry of world.store.select('logged-time', { where: [project, equal('people_id', people_id)] })) {
      removeRecord(world, 'logged-time', recordIdOf(entry['logged_time_id']));
    }
    leaveAllocations(world, people_id, project);
  }
}

function leaveAllocations(world: World, person: number, project: ReturnType<typeof equal>): void {
  const named = { sql: `people_id = ? OR ${holds('people_ids', 0).sql}`, values: [person, person] };
  for (const allocation of world.store.select('allocations', { where: [project, named] })) {
    const id = recordIdOf(allocation['task_id']);
    const others = Array.isArray(allocation['people_ids'])
      ? allocation['people_ids'].filter((one) => one !== person)
      : [];
    if (others.length === 0) removeRecord(world, 'allocations', id);
    else world.store.update('allocations', id, { people_ids: others, ...touched(world, 'allocations') });
  }
}
