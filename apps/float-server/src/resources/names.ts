/** Looks up records by a URI's or argument's text, and suggests completions. */
import type { Person, Project } from 'float-api';
import { type Entry, matchWholeName, nameOf } from '../tools/names.js';
import { MAX_NAME_CHARS } from '../tools/shared-arguments.js';
import { Spelling, wordPosition } from '../tools/spelling.js';
import { oneLine } from '../untrusted-text.js';
import type { View } from './view.js';

/** All people. Always the whole table, so that reads and change detection share one cached copy. */
export function allPeople(view: View): Promise<readonly Person[]> {
  return view.api.listAll('people', {}, view);
}

/** All projects. */
export function allProjects(view: View): Promise<readonly Project[]> {
  return view.api.listAll('projects', {}, view);
}

/**
 * Finds a person by id, full name, e-mail address or code.
 *
 * @throws ToolProblem with the most similar names if none matches
 */
export async function findPerson(asked: string, view: View): Promise<Person> {
  const people = await allPeople(view);
  const { id } = matchWholeName(people.map(personEntry), asked, 'person');
  return people.find((person) => person.people_id === id) as Person;
}

/**
 * Finds a project by id, full name or code.
 *
 * @throws ToolProblem with the most similar names if none matches
 */
export async function findProject(asked: string, view: View): Promise<Project> {
  const projects = await allProjects(view);
  const { id } = matchWholeName(projects.map(projectEntry), asked, 'project');
  return projects.find((project) => project.project_id === id) as Project;
}

/** Completions for a person. */
export async function suggestPeople(typed: string, view: View): Promise<string[]> {
  return suggestions((await allPeople(view)).map(personEntry), typed);
}

/** Completions for a project. */
export async function suggestProjects(typed: string, view: View): Promise<string[]> {
  return suggestions((await allProjects(view)).map(projectEntry), typed);
}

/** Completions for a department. */
export async function suggestDepartments(typed: string, view: View): Promise<string[]> {
  const departments = await view.api.listAll('departments', {}, view);
  return matchingNames(spelled(departments.map(({ name }) => name).sort()), typed).filter(isVisible);
}

/** Completions for a tag of active people. */
export async function suggestTags(typed: string, view: View): Promise<string[]> {
  const people = (await allPeople(view)).filter(({ active }) => active === 1);
  const tags = [...new Set(people.flatMap((person) => (person.tags ?? []).map(({ name }) => name)))];
  return matchingNames(spelled(tags.sort()), typed).filter(isVisible);
}

/** Completions for a role. */
export async function suggestRoles(typed: string, view: View): Promise<string[]> {
  const roles = await view.api.listAll('roles', {}, view);
  return matchingNames(spelled(roles.map(({ name }) => name).sort()), typed).filter(isVisible);
}

/**
 * Suggests names for a typed name and ids for a typed id, because clients show the values only. Archived records are left
 * out; a name that several records share is suggested as their ids.
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
  const found = matchingNames(active.map(nameOf), wanted).flatMap((name) => {
    const ids = bearers.get(name.toLowerCase()) ?? [];
    return ids.length === 1 && isVisible(name) ? [name] : ids.map(String);
  });
  return [...new Set(found)];
}

/** Whether a name has no invisible characters, so that it can be chosen by its looks. */
function isVisible(name: string): boolean {
  return oneLine(name) === name;
}

function spelled(names: readonly string[]): Spelling[] {
  return [...new Set(names)].map((name) => new Spelling(name));
}

/** The names that begin with the typed text, then those that contain it, without duplicates. */
function matchingNames(names: readonly Spelling[], typed: string): string[] {
  if (typed.length > MAX_NAME_CHARS) return [];
  const wanted = new Spelling(typed);
  const begins = names.filter((name) => name.folded.startsWith(wanted.folded));
  const inside = names.filter((name) => wordPosition(name, wanted) >= 0);
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
