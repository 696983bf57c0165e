import * as z from 'zod';
import type { Field, FieldType } from '../../float/resources.js';
import { type Directory, isNamed, type NamedKey } from '../directory.js';
import { DAY, LONGEST_TEXT, listOf, NAME, NAME_OR_ID, objectUpTo, TEXT_ID, TIME } from '../shared-arguments.js';

/** What a tool argument and a Float value have in common: a field, or a filter. */
export type ValueRow = Pick<
  Field,
  'type' | 'about' | 'ref' | 'values' | 'shape' | 'maxLength' | 'length' | 'min' | 'max'
>;

/** Words for codes, booleans for 1 and 0, names for ids: what a model writes without looking anything up. */
export function schemaOf(row: ValueRow): z.ZodType {
  if (isNamed(row.ref)) return isList(row.type) ? listOf(NAME_OR_ID).min(1) : NAME_OR_ID;
  if (row.values !== undefined) return z.enum(Object.values(row.values));
  return SCHEMAS[row.type](row);
}

export function describedSchema(row: ValueRow): z.ZodType {
  return schemaOf(row).describe(aboutOf(row));
}

/** The table speaks of codes and ids, which the arguments do not have. */
function aboutOf({ about, type, ref }: ValueRow): string {
  if (type === 'flag') return about.replace(/\b1\b/, 'true').replace(/\b0\b/, 'false');
  if (!isNamed(ref)) return about;
  return `${about.replace(/\bACCOUNT id\b/, 'account').replace(/, 0 = none$/, '')} (name or id)`;
}

/** The value Float wants for an argument that `schemaOf` let pass. */
export async function toFloat(row: ValueRow, value: unknown, names: NamedValues): Promise<unknown> {
  if (isNamed(row.ref)) return names.ids(row.ref, value);
  if (row.values !== undefined) return codeOf(row.values, value);
  if (row.type === 'flag') return value === true ? 1 : 0;
  if (row.type === 'objects' && Array.isArray(value)) return value.map((name) => ({ name }));
  return value;
}

/** Turns names into ids where a value refers to another record. */
export interface NamedValues {
  ids(key: NamedKey, value: unknown): Promise<number | number[]>;
}

export function namedValues(directory: Directory, projectId: number | undefined): NamedValues {
  const inProject = (key: NamedKey) => (key === 'phases' || key === 'project-tasks' ? { projectId } : {});
  return {
    ids: async (key, value) =>
      Array.isArray(value)
        ? directory.resolveAll(key, value)
        : directory.resolve(key, typeof value === 'number' ? value : String(value), inProject(key)),
  };
}

/** A Float value in words, or `undefined` for one that says nothing. */
export function fromFloat(row: ValueRow, value: unknown): unknown {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return undefined;
  if (row.values !== undefined) return row.values[Number(value)] ?? value;
  if (row.type === 'flag') return Number(value) === 1;
  if (row.type === 'money') return Number(value);
  if (isTagList(row) && Array.isArray(value)) return value.map((tag: { name?: unknown }) => tag.name ?? tag);
  return value;
}

const SCHEMAS: Record<FieldType, (row: ValueRow) => z.ZodType> = {
  integer: bounded,
  number: bounded,
  money: bounded,
  flag: () => z.boolean(),
  string: ({ maxLength }) => z.string().max(maxLength ?? LONGEST_TEXT),
  'hex-id': () => TEXT_ID,
  date: () => DAY,
  datetime: () => z.string().max(40),
  time: () => TIME,
  integers: () => listOf(z.number()),
  numbers: (row) => (row.length === undefined ? listOf(bounded(row)) : z.array(bounded(row)).length(row.length)),
  strings: () => listOf(NAME),
  dates: () => listOf(DAY),
  object: () => objectUpTo(LONGEST_TEXT),
  objects: (row) => (isTagList(row) ? listOf(NAME) : listOf(objectUpTo(LONGEST_TEXT))),
};

function bounded({ min, max }: ValueRow): z.ZodNumber {
  const low = min === undefined ? z.number() : z.number().min(min);
  return max === undefined ? low : low.max(max);
}

function isList(type: FieldType): boolean {
  return type === 'integers';
}

/** Objects of which only the name matters to anybody. */
function isTagList(row: ValueRow): boolean {
  return row.type === 'objects' && row.shape?.['name']?.required === true;
}

function codeOf(values: Readonly<Record<number, string>>, word: unknown): number {
  return Number(Object.entries(values).find(([, text]) => text === word)?.[0]);
}
