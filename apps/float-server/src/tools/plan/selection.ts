import type { Department } from 'float-api';
import * as z from 'zod';
import { named, quoted } from '../../untrusted-text.js';
import { Directory } from '../directory.js';
import { ToolProblem } from '../problem.js';
import { NAME_OR_ID, TAG } from '../shared-arguments.js';
import { rankBySimilarity, Spelling } from '../spelling.js';
import type { ToolCall } from '../tool.js';
import type { Member } from './records.js';

/** The arguments by which tools about people select them. */
export const SELECTION = {
  department: NAME_OR_ID.optional().describe('department, with those below it (name or id)'),
  role: NAME_OR_ID.optional().describe('job role (name or id)'),
  tag: TAG.optional(),
  include_placeholders: z.boolean().default(false).describe('also placeholders for a role'),
};

/** The parsed arguments of `SELECTION`. */
export type Selection = z.output<z.ZodObject<typeof SELECTION>>;

/** The people that match a selection. */
export interface Selected {
  readonly people: readonly Member[];
  /** Number of placeholders left out. */
  readonly placeholders: number;
  /** The filters that were applied, in words. */
  readonly filters: readonly string[];
}

/**
 * Applies the selection of a tool to the people of a plan.
 *
 * @throws ToolProblem if a name or tag matches nothing
 */
export async function select(all: readonly Member[], asked: Selection, call: ToolCall): Promise<Selected> {
  const names = Directory.forReading(call);
  const inDepartment =
    asked.department === undefined ? undefined : await departmentFilter(asked.department, names, call);
  const inRole = asked.role === undefined ? undefined : await roleFilter(asked.role, names);
  const tagged = asked.tag === undefined ? undefined : tagFilter(asked.tag, all);
  const filters = [inDepartment, inRole, tagged].filter((one) => one !== undefined);
  const matching = all.filter((person) => filters.every(({ fits }) => fits(person)));
  const people = matching.filter((person) => asked.include_placeholders || !person.placeholder);
  const archived = people.filter((person) => person.archived).length;
  return {
    people,
    placeholders: matching.length - people.length,
    filters: [
      archived === 0 ? 'active people' : `active people, and ${archived} archived since who worked then`,
      ...(asked.include_placeholders ? [] : ['no placeholders']),
      ...filters.map(({ text }) => text),
    ],
  };
}

interface PeopleFilter {
  readonly text: string;
  fits(person: Member): boolean;
}

/** A department includes its descendants. */
async function departmentFilter(asked: string | number, names: Directory, call: ToolCall): Promise<PeopleFilter> {
  const root = await names.resolve('departments', asked);
  const departments = await call.api.listAll('departments', {}, call);
  const ids = withDescendants(root, departments);
  const below = ids.size > 1 ? ` and ${ids.size - 1} below it` : '';
  return {
    text: `department ${named(String(await names.nameOf('departments', root)))}${below}`,
    fits: ({ departmentId }) => departmentId !== undefined && ids.has(departmentId),
  };
}

function withDescendants(root: number, departments: readonly Department[]): ReadonlySet<number> {
  const ids = new Set([root]);
  // Iteration over a set visits elements added meanwhile; a cycle adds none.
  for (const id of ids) {
    for (const { department_id: child, parent_id: parent } of departments) if (parent === id) ids.add(child);
  }
  return ids;
}

async function roleFilter(asked: string | number, names: Directory): Promise<PeopleFilter> {
  const id = await names.resolve('roles', asked);
  return { text: `role ${named(String(await names.nameOf('roles', id)))}`, fits: ({ roleId }) => roleId === id };
}

function tagFilter(asked: string, all: readonly Member[]): PeopleFilter {
  const known = [...new Set(all.flatMap(({ tags }) => tags))].map((tag) => new Spelling(tag));
  const wanted = new Spelling(asked);
  const same = new Set(known.filter((tag) => tag.folded === wanted.folded).map(({ text }) => text));
  const [first] = same;
  if (first === undefined) throw unknownTag(wanted, known);
  return { text: `tag ${named(first)}`, fits: ({ tags }) => tags.some((tag) => same.has(tag)) };
}

function unknownTag(asked: Spelling, known: readonly Spelling[]): ToolProblem {
  const near = rankBySimilarity(known, asked, (tag) => tag).slice(0, 8);
  const names = near.map(({ text }) => named(text)).join(', ');
  const hint = near.length === 0 ? 'No active person has any tag.' : `The nearest tags are: ${names}.`;
  return new ToolProblem('unknown-name', `No active person has the tag ${quoted(asked.text)}. ${hint}`);
}
