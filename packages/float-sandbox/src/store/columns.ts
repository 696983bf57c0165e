/** SQL tables derived from the resource table: one column per field, with lists and objects as JSON text. */
import { type Field, type FieldType, fieldsOf, type Resource } from 'float-api';

/** A value that SQL stores. */
export type SqlValue = string | number | null;
/** A record by field names. */
export type Row = Record<string, unknown>;

const JSON_TYPES: ReadonlySet<FieldType> = new Set(['integers', 'numbers', 'strings', 'dates', 'object', 'objects']);

/** The statement that creates a table. */
export function createTable(resource: Resource): string {
  const columns = fieldsOf(resource).map(([name, field]) => `${quote(name)} ${columnType(field)}`);
  return `CREATE TABLE IF NOT EXISTS ${quote(resource.key)} (${columns.join(', ')})`;
}

/** Statements that add columns to a table from an earlier version. */
export function newColumns(resource: Resource, present: ReadonlySet<unknown>): string[] {
  return fieldsOf(resource)
    .filter(([name]) => !present.has(name))
    .map(([name, field]) => `ALTER TABLE ${quote(resource.key)} ADD COLUMN ${quote(name)} ${columnType(field)}`);
}

/** Statements that index references and dates, by which lists filter. */
export function createIndexes(resource: Resource): string[] {
  return fieldsOf(resource)
    .filter(([, field]) => (field.ref !== undefined || field.span !== undefined) && !JSON_TYPES.has(field.type))
    .map(([name]) => {
      const index = quote(`${resource.key}.${name}`);
      return `CREATE INDEX IF NOT EXISTS ${index} ON ${quote(resource.key)} (${quote(name)})`;
    });
}

function columnType(field: Field): string {
  // AUTOINCREMENT: ids of deleted records are never reused.
  if (field.id) return field.type === 'hex-id' ? 'TEXT PRIMARY KEY' : 'INTEGER PRIMARY KEY AUTOINCREMENT';
  if (field.type === 'integer' || field.type === 'flag') return 'INTEGER';
  return field.type === 'number' ? 'REAL' : 'TEXT';
}

/** Quotes an SQL name. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Converts a value of a field for SQL. */
export function encode(field: Field, value: unknown): SqlValue {
  if (value === undefined || value === null) return null;
  if (JSON_TYPES.has(field.type)) return JSON.stringify(value);
  return typeof value === 'number' ? value : String(value);
}

/** Converts a stored row to values of its fields. */
export function decodeRow(resource: Resource, stored: Row): Row {
  const row: Row = {};
  for (const [name, field] of fieldsOf(resource)) {
    const value = stored[name] ?? null;
    row[name] = typeof value === 'string' && JSON_TYPES.has(field.type) ? JSON.parse(value) : value;
  }
  return row;
}
