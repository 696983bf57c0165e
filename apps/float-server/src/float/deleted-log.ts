/**
 * The log of deletions, which allocations, time off and logged time have. Attested are a bare list and a cursor in a
 * header; Float publishes neither, so any other form that can only mean one thing is taken as well.
 */
import { isObject, jsonValue } from './answer.js';
import { FloatApiError } from './errors.js';
import { idField, type Resource } from './resources.js';
import type { Call, RawAnswer } from './transport.js';

export interface DeletedPage {
  readonly ids: readonly (number | string)[];
  /** Where to go on; `undefined` at the end. */
  readonly next: string | undefined;
}

export function deletedPath(row: Resource): `/${string}` {
  return `/deleted${row.path}`;
}

/** The most that Float answers at once. */
export const PER_DELETED_PAGE = 500;

export function deletedCall(row: Resource, cursor: string | undefined): Call {
  const query = new URLSearchParams({ limit: String(PER_DELETED_PAGE), ...(cursor === undefined ? {} : { cursor }) });
  return { method: 'GET', path: deletedPath(row), query: query.toString() };
}

export function readDeleted(row: Resource, raw: RawAnswer, endpoint: string): DeletedPage {
  const value = jsonValue(raw, endpoint) ?? [];
  const list = Array.isArray(value) ? value : onlyList(value);
  const ids = list?.map((entry) => idOf(row, entry)).filter((id) => id !== undefined);
  if (list === undefined || ids?.length !== list.length) {
    throw new FloatApiError('bad-answer', { endpoint, status: raw.status, said: 'expected a list of deleted ids' });
  }
  const next = textOf(raw.header('x-pagination-next-cursor')) ?? cursorOf(value);
  return { ids, next };
}

function onlyList(value: unknown): unknown[] | undefined {
  if (!isObject(value)) return undefined;
  const lists = Object.values(value).filter(Array.isArray);
  return lists.length === 1 ? lists[0] : undefined;
}

function idOf(row: Resource, entry: unknown): number | string | undefined {
  const id = isObject(entry) ? (entry[idField(row)] ?? entry['id']) : entry;
  return typeof id === 'number' || typeof id === 'string' ? id : undefined;
}

function cursorOf(value: unknown): string | undefined {
  return isObject(value) ? textOf(value['next_cursor'] ?? value['cursor'] ?? value['next']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
