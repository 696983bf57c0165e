import { named } from '../../foreign-text.js';
import type { Directory } from '../directory.js';
import type { Member } from '../plan/records.js';
import { ToolProblem } from '../problem.js';

/** Somebody who can be planned with. @throws ToolProblem for somebody who is archived. */
export async function memberById(people: readonly Member[], id: number, names: Directory): Promise<Member> {
  const person = people.find((one) => one.id === id);
  if (person !== undefined) return person;
  const name = (await names.nameOf('people', id)) ?? `Person ${id}`;
  throw new ToolProblem('unknown-name', `${named(name)} is archived: activate the person first (active: true).`);
}
