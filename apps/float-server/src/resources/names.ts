/** From what stands in a URI or an argument to a record, and from what was typed to suggestions. */
import type { Person, Project } from '../float/resources.js';
import { oneLine } from '../foreign-text.js';
import { type Entry, nameOf, pickWhole } from '../tools/names.js';
import { LONGEST_NAME } from '../tools/shared-arguments.js';
import { placeIn, Spelling } from '../tools/spelling.js';
import type { View } from './view.js';

/** Always the whole table, so that whoever reads it and whoever watches it look at the same copy. */
export function allPeople(view: View): Promise<readonly Person[]> {
  return view.api.listAll('people', {}, view);
}

export function allProjects(view: View): Promise<readonly Project[]> {
  return view.api.listAll('projects', {}, view);
}

/** By id, full name, e-mail address or code. @throws ToolProblem that lists the nearest when nobody fits */
export async function findPerson(asked: string, view: View): Promise<Person> {
  const people = await allPeople(view);
  const { id } = pickWhole(people.map(personEntry), asked, 'person');
  return people.find((person) => person.people_id === id) as Person;
}

/** By id, full name or code. @throws ToolProblem that lists the nearest when none fits */
export async function findProject(asked: string, view: View): Promise<Project> {
  const projects = await allProjects(view);
  const { id } = pickWhole(projects.map(projectEntry), asked, 'project');
  return projects.find((project) => project.project_id === id) as Project;
}

export async function suggestPeople(typed: string, view: View): Promise<string[]> {
  return suggestions((await allPeople(view)).map(personEntry), typed);
}

export async function suggestProjects(typed: string, view: View): Promise<string[]> {
  return suggestions((await allProjects(view)).map(projectEntry), typed);
}

export async function suggestDepartments(typed: string, view: View): Promise<string[]> {
  const departments = await view.api.listAll('departments', {}, view);
  return fitting(spelled(departments.map(({ name }) => name).sort()), typed).filter(isSeen);
}

export async function suggestTags(typed: string, view: View): Promise<string[]> {
  const people = (await allPeople(view)).filter(({ active }) => active === 1);
  const tags = [...new Set(people.flatMap((person) => (person.tags ?? []).map(({ name }) => name)))];
  return fitting(spelled(tags.sort()), typed).filter(isSeen);
}

export async function suggestRoles(typed: string, view: View): Promise<string[]> {
  const roles = await view.api.listAll('roles', {}, view);
  return fitting(spelled(roles.map(({ name }) => name).sort()), typed).filter(isSeen);
}

/**
 * Names for who types a name, ids for who types an id: a client that completes shows the values alone. What is archived
 * is not suggested, and a name that several have is suggested as their ids.
 */
function suggestions(entries: readonly Entry[], typed: string): string[] {
  const active = entries.filter((entry) => entry.active).sort((a, b) => a.name.localeCompare(b.name));
  const wanted = typed.trim();
  if (/^\d+$/.test(wanted)) return active.map(({ id }) => String(id)).filter((id) => id.startsWith(wanted));
  const bearers = new Map<string, number[]>();
  for (const entry of active) {
    const { lower } = nameOf(entry);
    const same = bearers.get(lower);
    if (same === undefined) bearers.set(lower, [entry.id]);
    else same.push(entry.id);
  }
  const found = fitting(active.map(nameOf), wanted).flatMap((name) => {
    const ids = bearers.get(name.toLowerCase()) ?? [];
    return ids.length === 1 && isSeen(name) ? [name] : ids.map(String);
  });
  return [...new Set(found)];
}

/** A name with something unseen in it is none to choose by its looks. */
function isSeen(name: string): boolean {
  return oneLine(name) === name;
}

function spelled(names: readonly string[]): Spelling[] {
  return [...new Set(names)].map((name) => new Spelling(name));
}

/** Those that begin with what was typed, then those in which it stands, each once. */
function fitting(names: readonly Spelling[], typed: string): string[] {
  if (typed.length > LONGEST_NAME) return [];
  const wanted = new Spelling(typed);
  const begins = names.filter((name) => name.folded.startsWith(wanted.folded));
  const inside = names.filter((name) => placeIn(name, wanted) >= 0);
  return [...new Set([...begins, ...inside].map(({ text }) => text))];
}

const entries = new WeakMap<Person | Project, Entry>();

function kept<T extends Person | Project>(record: T, make: (record: T) => Entry): Entry {
  const known = entries.get(record);
  if (known !== undefined) return known;
  const entry = make(record);
  entries.set(record, entry);
  return entry;
}

function personEntry(person: Person): Entry {
  return kept(person, ({ people_id: id, name, email, people_code: code, active }) => {
    const aliases = [email, code].filter((one) => typeof one === 'string');
    return { id, name, aliases, active: active === 1 };
  });
}

function projectEntry(project: Project): Entry {
  return kept(project, ({ project_id: id, name, project_code: code, active }) => {
    return { id, name, aliases: typeof code === 'string' ? [code] : [], active: active === 1 };
  });
}
