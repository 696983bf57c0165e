import * as z from 'zod';
import type { Department } from '../../float/resources.js';
import { Directory } from '../directory.js';
import { likeness } from '../names.js';
import { ToolProblem } from '../problem.js';
import type { ToolCall } from '../tool.js';
import type { Member } from './records.js';

/** The arguments with which every tool about people says whom it is about. */
export const SELECTION = {
  department: z
    .union([z.number(), z.string().min(1)])
    .optional()
    .describe('department, with those below it (name or id)'),
  role: z
    .union([z.number(), z.string().min(1)])
    .optional()
    .describe('job role (name or id)'),
  tag: z.string().min(1).optional().describe('tag such as a skill: the exact text, in any case'),
  include_placeholders: z.boolean().default(false).describe('also people who are only placeholders for a role'),
};

export type Selection = z.output<z.ZodObject<typeof SELECTION>>;

export interface Selected {
  readonly people: readonly Member[];
  /** Placeholders that were left out. */
  readonly placeholders: number;
  /** What was filtered by, in words. */
  readonly filters: readonly string[];
}

/** The people a question is about. @throws ToolProblem when a name or a tag is nobody's. */
export async function select(all: readonly Member[], asked: Selection, call: ToolCall): Promise<Selected> {
  const names = new Directory(call.api, call);
  const inDepartment =
    asked.department === undefined ? undefined : await departmentFilter(asked.department, names, call);
  const inRole = asked.role === undefined ? undefined : await roleFilter(asked.role, names);
  const tagged = asked.tag === undefined ? undefined : tagFilter(asked.tag, all);
  const filters = [inDepartment, inRole, tagged].filter((one) => one !== undefined);
  const matching = all.filter((person) => filters.every(({ fits }) => fits(person)));
  const people = matching.filter((person) => asked.include_placeholders || !person.placeholder);
  return {
    people,
    placeholders: matching.length - people.length,
    filters: [
      'active people',
      ...(asked.include_placeholders ? [] : ['no placeholders']),
      ...filters.map(({ says }) => says),
    ],
  };
}

interface PeopleFilter {
  readonly says: string;
  fits(person: Member): boolean;
}

/** Departments are a tree; whoever asks for one means its parts as well. */
async function departmentFilter(asked: string | number, names: Directory, call: ToolCall): Promise<PeopleFilter> {
  const root = await names.resolve('departments', asked);
  const departments = await call.api.listAll('departments', {}, call);
  const ids = withDescendants(root, departments);
  const below = ids.size > 1 ? ` and ${ids.size - 1} below it` : '';
  return {
    says: `department ${await names.nameOf('departments', root)}${below}`,
    fits: ({ departmentId }) => departmentId !== undefined && ids.has(departmentId),
  };
}

function withDescendants(root: number, departments: readonly Department[]): ReadonlySet<number> {
  const ids = new Set([root]);
  // A set visits what is added while it is walked, and a circle adds nothing new.
  for (const id of ids) {
    for (const { department_id: child, parent_id: parent } of departments) if (parent === id) ids.add(child);
  }
  return ids;
}

async function roleFilter(asked: string | number, names: Directory): Promise<PeopleFilter> {
  const id = await names.resolve('roles', asked);
  return { says: `role ${await names.nameOf('roles', id)}`, fits: ({ roleId }) => roleId === id };
}

function tagFilter(asked: string, all: readonly Member[]): PeopleFilter {
  const wanted = asked.trim().toLowerCase();
  const known = [...new Set(all.flatMap(({ tags }) => tags))];
  const tag = known.find((one) => one.toLowerCase() === wanted);
  if (tag === undefined) throw unknownTag(asked, known);
  return { says: `tag ${tag}`, fits: ({ tags }) => tags.some((one) => one.toLowerCase() === wanted) };
}

function unknownTag(asked: string, known: readonly string[]): ToolProblem {
  const near = known.toSorted((a, b) => likeness(b, asked) - likeness(a, asked)).slice(0, 8);
  const hint = near.length === 0 ? 'No active person has any tag.' : `The nearest tags are: ${near.join(', ')}.`;
  return new ToolProblem('unknown-name', `No active person has the tag "${asked}". ${hint}`);
}
