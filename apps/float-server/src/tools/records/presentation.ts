import { type Field, fieldsOf, idField, resourceOf } from 'float-api';
import { escapedForText, named, oneLine, visibleJson } from '../../untrusted-text.js';
import { type Directory, isNamed, labelField, type RawRecord } from '../directory.js';
import { argumentName, type RecordSpec } from './spec.js';
import { fromFloat } from './values.js';

/** A record in an answer: `id` first, names beside ids, no empty values. */
export type PresentedRecord = { readonly id: number | string } & RawRecord;

/** Fields that answers leave out: authorship, appearance, and deprecated duplicates. */
const HIDDEN_FIELDS = new Set(['created', 'created_by', 'modified_by', 'avatar_file', 'color', ...deprecatedFields()]);
/** Deprecated fields whose content another field carries. */
function deprecatedFields(): string[] {
  return [
    'contractor',
    'tentative',
    'budget_per_phase',
    'department_filter_id',
    'view_rights',
    'edit_rights',
    'priority',
  ];
}

/** Resources whose names are looked up. For the others the record carries the name, or references are rare. */
const LOOKED_UP = new Set(['people', 'projects', 'clients']);

/** Converts a record of Float for an answer. */
export async function presentRecord(spec: RecordSpec, record: RawRecord, names: Directory): Promise<PresentedRecord> {
  const row = resourceOf(spec.key);
  const id = idField(row);
  const fields = fieldsOf(row).filter(([name]) => name !== id && !HIDDEN_FIELDS.has(name));
  return { id: record[id] as number | string, ...(await inWords(fields, record, names)) };
}

type Fields = readonly (readonly [name: string, field: Field])[];

async function inWords(fields: Fields, record: RawRecord, names: Directory): Promise<RawRecord> {
  const values: Record<string, unknown> = {};
  for (const [name, field] of fields) {
    const value = fromFloat(field, record[name] ?? null);
    if (value === undefined || (field.zeroIsNone === true && value === 0)) continue;
    Object.assign(values, await withName(name, field, { value, names }));
  }
  return values;
}

interface Naming {
  readonly value: unknown;
  readonly names: Directory;
}

/**
 * `project_id: 4` becomes `project_id: 4, project: "Website"`. Fields that are not ids take the name of their argument.
 */
async function withName(name: string, field: Field, { value, names }: Naming): Promise<RawRecord> {
  const { ref } = field;
  if (name === 'department') return departmentOf(value);
  if (ref === undefined) return { [argumentName(name)]: await nested(field, value, names) };
  if (!isNamed(ref) || !LOOKED_UP.has(ref) || argumentName(name) === name) return { [name]: value };
  const ids = Array.isArray(value) ? value : [value];
  const found = await Promise.all(ids.map((id) => names.nameOf(ref, Number(id))));
  const known = found.map((one, at) => one ?? `#${ids[at]}`);
  return { [name]: value, [argumentName(name)]: Array.isArray(value) ? known : known[0] };
}

/** Members of a team are records themselves. */
async function nested({ shape }: Field, value: unknown, names: Directory): Promise<unknown> {
  if (shape === undefined || !Array.isArray(value)) return value;
  const rows = value.filter((one): one is RawRecord => typeof one === 'object' && one !== null);
  if (rows.length < value.length) return value;
  return Promise.all(rows.map((one) => inWords(Object.entries(shape), one, names)));
}

function departmentOf(value: unknown): RawRecord {
  const { department_id, name } = value as RawRecord;
  return { department_id, department: name };
}

/** A record on one line: `#12 Ann Smith: job_title Designer, active true`. */
export function lineOf(spec: RecordSpec, record: PresentedRecord): string {
  const label = labelField(spec.key);
  const title = label === undefined ? `#${record.id}` : `#${record.id} ${named(String(record[label] ?? ''))}`;
  const facts = spec.headline.flatMap((name) =>
    record[name] === undefined ? [] : [`${name} ${plain(name, record[name])}`],
  );
  return facts.length === 0 ? title : `${title}: ${facts.join(', ')}`;
}

/** All values of a record, one per line. */
export function linesOf(record: PresentedRecord): string {
  return Object.entries(record)
    .map(([name, value]) => `${oneLine(name)}: ${plain(name, value)}`)
    .join('\n');
}

function plain(name: string, value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) {
    return escapedForText({ [name]: value.map(String) })[name]?.join(', ') ?? '';
  }
  if (typeof value === 'object') return visibleJson(value);
  return typeof value === 'string' ? String(escapedForText({ [name]: value })[name]) : String(value);
}
