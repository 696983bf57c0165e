import * as z from 'zod';
import type { Field, FieldType } from '../../float/resources.js';
import { type Directory, isNamed, type NamedKey } from '../directory.js';

/** What a tool argument and a Float value have in common: a field, or a filter. */
export type ValueRow = Pick<
  Field,
  'type' | 'about' | 'ref' | 'values' | 'shape' | 'maxLength' | 'length' | 'min' | 'max'
>;

const DATE = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day as YYYY-MM-DD');
const TIME = z.string().regex(/^\d{2}:\d{2}$/, 'must be a time as HH:MM');
const NAME_OR_ID = z.union([z.number(), z.string().min(1)]);

/** Words for codes, booleans for 1 and 0, names for ids: what a model writes without looking anything up. */
export function schemaOf(row: ValueRow): z.ZodType {
  if (isNamed(row.ref)) return isList(row.type) ? z.array(NAME_OR_ID).min(1) : NAME_OR_ID;
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
  string: ({ maxLength }) => (maxLength === undefined ? z.string() : z.string().max(maxLength)),
  'hex-id': () => z.string(),
  date: () => DATE,
  datetime: () => z.string(),
  time: () => TIME,
  integers: () => z.array(z.number()),
  numbers: (row) => (row.length === undefined ? z.array(bounded(row)) : z.array(bounded(row)).length(row.length)),
  strings: () => z.array(z.string()),
  dates: () => z.array(DATE),
  object: () => z.record(z.string(), z.unknown()),
  objects: (row) => (isTagList(row) ? z.array(z.string().min(1)) : z.array(z.record(z.string(), z.unknown()))),
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
