import type { Field, FieldType } from 'float-api';
import * as z from 'zod';
import { type Directory, isNamed, type NamedKey } from '../directory.js';
import { DAY, listOf, MAX_TEXT_CHARS, NAME, NAME_OR_ID, objectUpTo, TEXT_ID, TIME } from '../shared-arguments.js';

/** The properties of a field or filter that determine the values of an argument. */
export type ValueRow = Pick<
  Field,
  'type' | 'about' | 'ref' | 'values' | 'shape' | 'maxLength' | 'length' | 'min' | 'max'
>;

/**
 * The schema of an argument: words for codes, booleans for 1 and 0, names for ids, so that a model needs no look-ups.
 */
export function schemaOf(row: ValueRow): z.ZodType {
  if (isNamed(row.ref)) return isList(row.type) ? listOf(NAME_OR_ID).min(1) : NAME_OR_ID;
  if (row.values !== undefined) return z.enum(Object.values(row.values));
  return SCHEMAS[row.type](row);
}

/** The schema of an argument with its description. */
export function describedSchema(row: ValueRow): z.ZodType {
  return schemaOf(row).describe(aboutOf(row));
}

/** The resource table describes codes and ids; arguments take words and names. */
function aboutOf({ about, type, ref }: ValueRow): string {
  if (type === 'flag') return about.replace(/\b1\b/, 'true').replace(/\b0\b/, 'false');
  if (!isNamed(ref)) return about;
  return `${about.replace(/\bACCOUNT id\b/, 'account').replace(/, 0 = none$/, '')} (name or id)`;
}

/** Converts an argument that `schemaOf` accepted to Float's value. */
export async function toFloat(row: ValueRow, value: unknown, names: NamedValues): Promise<unknown> {
  if (isNamed(row.ref)) return names.ids(row.ref, value);
  if (row.values !== undefined) return codeOf(row.values, value);
  if (row.type === 'flag') return value === true ? 1 : 0;
  if (row.type === 'objects' && Array.isArray(value)) return value.map((name) => ({ name }));
  return value;
}

/** Resolves the names in arguments to ids. */
export interface NamedValues {
  ids(key: NamedKey, value: unknown): Promise<number | number[]>;
}

/** Resolves names by a directory; phases and tasks within the given project. */
export function namedValues(directory: Directory, projectId: number | undefined): NamedValues {
  const inProject = (key: NamedKey) => (key === 'phases' || key === 'project-tasks' ? { projectId } : {});
  return {
    ids: async (key, value) =>
      Array.isArray(value)
        ? directory.resolveAll(key, value)
        : directory.resolve(key, typeof value === 'number' ? value : String(value), inProject(key)),
  };
}

/** Converts a value of Float for an answer; undefined for an empty one. */
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
  string: ({ maxLength }) => z.string().max(maxLength ?? MAX_TEXT_CHARS),
  'hex-id': () => TEXT_ID,
  date: () => DAY,
  datetime: () => z.string().max(40),
  time: () => TIME,
  integers: () => listOf(z.number()),
  numbers: (row) => (row.length === undefined ? listOf(bounded(row)) : z.array(bounded(row)).length(row.length)),
  strings: () => listOf(NAME),
  dates: () => listOf(DAY),
  object: () => objectUpTo(MAX_TEXT_CHARS),
  objects: (row) => (isTagList(row) ? listOf(NAME) : listOf(objectUpTo(MAX_TEXT_CHARS))),
};

function bounded({ min, max }: ValueRow): z.ZodNumber {
  const low = min === undefined ? z.number() : z.number().min(min);
  return max === undefined ? low : low.max(max);
}

function isList(type: FieldType): boolean {
  return type === 'integers';
}

/** Lists of objects that are reduced to their names. */
function isTagList(row: ValueRow): boolean {
  return row.type === 'objects' && row.shape?.['name']?.required === true;
}

function codeOf(values: Readonly<Record<number, string>>, word: unknown): number {
  return Number(Object.entries(values).find(([, text]) => text === word)?.[0]);
}
