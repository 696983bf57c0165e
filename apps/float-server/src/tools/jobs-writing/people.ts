import { named } from '../../foreign-text.js';
import type { Directory } from '../directory.js';
import type { Member } from '../plan/records.js';
import { ToolProblem } from '../problem.js';

/** A person who can be planned with. @throws ToolProblem for an archived person. */
export function memberById(people: readonly Member[], id: number, names: Directory): Promise<Member> {
  return found({ people, id, names }, 'is archived: activate the person first (active: true).');
}

/** The person a question is about. @throws ToolProblem for an archived person without a record in those days. */
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
