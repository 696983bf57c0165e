/**
 * The log of deletions. Float publishes that there is one per resource and that it is read with a cursor, but neither the
 * query nor the answer. So it is read the way one reads a stranger's hand: whatever can only mean one thing is taken.
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

export function deletedCall(row: Resource, cursor: string | undefined): Call {
  const query = cursor === undefined ? '' : new URLSearchParams({ cursor }).toString();
  return { method: 'GET', path: deletedPath(row), query };
}

export function readDeleted(row: Resource, raw: RawAnswer, endpoint: string): DeletedPage {
  const value = jsonValue(raw, endpoint) ?? [];
  const list = Array.isArray(value) ? value : onlyList(value);
  const ids = list?.map((entry) => idOf(row, entry)).filter((id) => id !== undefined);
  if (list === undefined || ids?.length !== list.length) {
    throw new FloatApiError('bad-answer', { endpoint, status: raw.status, said: 'expected a list of deleted ids' });
  }
  return { ids, next: cursorOf(value) };
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
  const next = isObject(value) ? (value['next_cursor'] ?? value['cursor'] ?? value['next']) : undefined;
  return typeof next === 'string' && next !== '' ? next : undefined;
}
