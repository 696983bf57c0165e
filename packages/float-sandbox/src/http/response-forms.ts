/**
 * Observed variants of Float's responses. By default the sandbox uses those that are best attested; each of the others
 * can be enabled, alone or combined, to test a client.
 */

import { type Field, fieldsOf, idField, isObject, type Readable, type Resource } from 'float-api';
import type { ApiResponse } from '../api-error.js';

/** The variants. */
export const FORMS = [
  /** Hours and other numbers that are not ids are text. */
  'numbers-as-text',
  /** `X-Pagination-Pages` instead of `X-Pagination-Page-Count`. */
  'pages-header',
  /** No pagination headers. */
  'no-page-headers',
  /** `stage_id` and `expense_id` instead of `id`. */
  'named-ids',
  /** Reports are bare lists with pages. */
  'bare-reports',
  /** The log of deletions is `{ data, next_cursor }`. */
  'wrapped-deletions',
  /** 200 instead of 201 and 204, with the deleted record in the body. */
  'status-200',
] as const;

/** A variant of Float's responses. */
export type Form = (typeof FORMS)[number];

/** The variants to apply, and the row that types the records. */
export interface FormOptions {
  readonly forms: readonly Form[];
  readonly row?: Readable | undefined;
}

/** Converts a response to the enabled variants. */
export function applyForms(answer: ApiResponse, { forms, row }: FormOptions): ApiResponse {
  if (forms.length === 0 || answer.status >= 400) return answer;
  const has = (form: Form) => forms.includes(form);
  const headers = inHeaderForms(answer.headers ?? {}, has);
  const status = has('status-200') ? 200 : answer.status;
  if (row === undefined || answer.body === undefined) return { ...answer, status, headers };
  const changes: ((record: ResponseRecord) => ResponseRecord)[] = [];
  if (has('numbers-as-text')) changes.push((record) => numbersAsText(row.fields, record));
  if (has('named-ids') && 'key' in row) changes.push((record) => namedId(row as Resource, record));
  return { ...answer, status, headers, body: changes.reduce(mapped, answer.body) };
}

const PAGINATION = 'X-Pagination-';

function inHeaderForms(headers: Readonly<Record<string, string>>, has: (form: Form) => boolean) {
  const entries = Object.entries(headers).filter(([name]) => !(has('no-page-headers') && name.startsWith(PAGINATION)));
  const renamed = entries.map(([name, value]) =>
    has('pages-header') && name === `${PAGINATION}Page-Count` ? [`${PAGINATION}Pages`, value] : [name, value],
  );
  return Object.fromEntries(renamed) as Record<string, string>;
}

type ResponseRecord = Readonly<Record<string, unknown>>;

/** Applies a change to the records of a body: the body itself, a list, or the one list it wraps. */
function mapped(body: unknown, change: (record: ResponseRecord) => ResponseRecord): unknown {
  if (Array.isArray(body)) return body.map((record: ResponseRecord) => change(record));
  if (!isObject(body)) return body;
  const [first] = Object.entries(body);
  const isWrapper = first !== undefined && Array.isArray(first[1]) && Object.keys(body).length === 1;
  return isWrapper ? { [first[0]]: mapped(first[1], change) } : change(body);
}

function numbersAsText(fields: Readonly<Record<string, Field>>, record: ResponseRecord): ResponseRecord {
  const changed: Record<string, unknown> = {};
  for (const [name, { type, shape }] of fieldsOf({ fields })) {
    const value = record[name];
    if (Array.isArray(value) && shape !== undefined) {
      changed[name] = value.map((one: ResponseRecord) => numbersAsText(shape, one));
    } else if (type === 'number' && typeof value === 'number') changed[name] = String(value);
    else if (type === 'numbers' && Array.isArray(value)) changed[name] = value.map(String);
    else if (name === 'work_days_hours_history' && isObject(value)) {
      const versions = Object.entries(value as Readonly<Record<string, readonly number[]>>);
      changed[name] = Object.fromEntries(versions.map(([day, hours]) => [day, hours.map(String)]));
    }
  }
  return { ...record, ...changed };
}

function namedId(resource: Resource, record: ResponseRecord): ResponseRecord {
  const [other] = resource.idAlso ?? [];
  const own = idField(resource);
  if (other === undefined || record[own] === undefined) return record;
  const { [own]: id, ...rest } = record;
  return { [other]: id, ...rest };
}
