import { named } from '../../untrusted-text.js';
import type { Directory } from '../directory.js';
import { ToolProblem } from '../problem.js';
import type { Member } from './records.js';

/**
 * A person who can be planned.
 *
 * @throws ToolProblem if the person is archived
 */
export function memberById(people: readonly Member[], id: number, names: Directory): Promise<Member> {
  return found({ people, id, names }, 'is archived: activate the person first (active: true).');
}

/**
 * The person an answer is about.
 *
 * @throws ToolProblem if the person is archived and has no record in the range
 */
export function memberAskedFor(people: readonly Member[], id: number, names: Directory): Promise<Member> {
  return found({ people, id, names }, 'is archived, and has no work, time off or logged time in those days.');
}

interface Asked {
  readonly people: readonly Member[];
  readonly id: number;
  readonly names: Directory;
}

async function found({ people, id, names }: Asked, problem: string): Promise<Member> {
  const person = people.find((one) => one.id === id);
  if (person !== undefined) return person;
  const name = (await names.nameOf('people', id)) ?? `Person ${id}`;
  throw new ToolProblem('unknown-name', `${named(name)} ${problem}`);
}
