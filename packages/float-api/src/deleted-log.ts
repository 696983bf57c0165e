/**
 * The log of deletions of allocations, time off and logged time. Observed are a bare list and a cursor in a header; Float
 * documents neither, so other unambiguous forms are accepted too.
 */

import { FloatApiError } from './errors.js';
import { idField, type Resource } from './resources.js';
import { isObject, jsonValue } from './response.js';
import type { HttpRequest, RawResponse } from './transport.js';

/** One page of the log. */
export interface DeletedPage {
  readonly ids: readonly (number | string)[];
  /** Cursor of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/** Path of a resource's log. */
export function deletedPath(row: Resource): `/${string}` {
  return `/deleted${row.path}`;
}

/** Float's limit of entries per page. */
export const PER_DELETED_PAGE = 500;

/** The request for a page of the log. */
export function deletedCall(row: Resource, cursor: string | undefined): HttpRequest {
  const query = new URLSearchParams({ limit: String(PER_DELETED_PAGE), ...(cursor === undefined ? {} : { cursor }) });
  return { method: 'GET', path: deletedPath(row), query: query.toString() };
}

/** Parses a page of the log. */
export function readDeleted(row: Resource, raw: RawResponse, endpoint: string): DeletedPage {
  const value = jsonValue(raw, endpoint) ?? [];
  const list = Array.isArray(value) ? value : onlyList(value);
  const ids = list?.map((entry) => idOf(row, entry)).filter((id) => id !== undefined);
  if (list === undefined || ids?.length !== list.length) {
    throw new FloatApiError('bad-answer', {
      endpoint,
      status: raw.status,
      reason: 'expected a list of deleted ids',
    });
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
