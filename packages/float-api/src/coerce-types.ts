/**
 * Converts records to the types that the tables declare. Float has been observed to send hours, ids and flags as text, and
 * ids under another name; arithmetic on such values would be wrong without an error.
 */

import type { Field, FieldType } from './resources/resource-types.js';
import { fieldsOf, idField, type Readable, type Resource } from './resources.js';

type Answered = Record<string, unknown>;
type Fix = (record: Answered) => void;

const NUMBERS: ReadonlySet<FieldType> = new Set<FieldType>(['integer', 'number', 'flag']);
const LISTS: ReadonlySet<FieldType> = new Set<FieldType>(['integers', 'numbers']);

const fixes = new WeakMap<Readable, readonly Fix[]>();

/** Converts a record in place, which is safe because it was just parsed and is not shared. */
export function coerceTypes<R extends object>(row: Readable, record: R): R {
  const known = fixes.get(row) ?? fixesOf(row.fields, 'key' in row ? (row as Resource) : undefined);
  fixes.set(row, known);
  for (const fix of known) fix(record as Answered);
  return record;
}

function fixesOf(fields: Readonly<Record<string, Field>>, resource?: Resource): readonly Fix[] {
  return [...idFix(resource), ...fieldsOf({ fields }).flatMap(([name, field]) => valueFix(name, field))];
}

function idFix(resource: Resource | undefined): readonly Fix[] {
  if (resource === undefined) return [];
  const id = idField(resource);
  const others = ['id', ...(resource.idAlso ?? [])].filter((name) => name !== id);
  return [
    (record) => {
      if (record[id] !== undefined) return;
      const found = others.find((name) => isId(record[name]));
      if (found === undefined) return;
      record[id] = record[found];
      delete record[found];
    },
  ];
}

function isId(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

function valueFix(name: string, { type, shape }: Field): readonly Fix[] {
  if (shape !== undefined) return [nestedFix(name, fixesOf(shape))];
  if (NUMBERS.has(type)) return [replace(name, numberOf)];
  if (LISTS.has(type)) return [replace(name, numbersOf)];
  // For example the history of working hours: lists of hours by date.
  return type === 'object' ? [replace(name, byKey)] : [];
}

function replace(name: string, change: (value: unknown) => unknown): Fix {
  return (record) => {
    const value = record[name];
    // Most values already have the right type and are not written.
    if (value === undefined || value === null || typeof value === 'number') return;
    record[name] = change(value);
  };
}

function numberOf(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '') return value;
  if (value === 'true' || value === 'false') return value === 'true' ? 1 : 0;
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

function numbersOf(value: unknown): unknown {
  return Array.isArray(value) && value.some((one) => typeof one !== 'number') ? value.map(numberOf) : value;
}

function byKey(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, numbersOf(one)]));
}

function nestedFix(name: string, nested: readonly Fix[]): Fix {
  return (record) => {
    for (const one of [record[name]].flat()) {
      if (typeof one === 'object' && one !== null) for (const fix of nested) fix(one as Answered);
    }
  };
}
