import { coerceTypes } from './coerce-types.js';
import { FloatApiError } from './errors.js';
import type { Readable } from './resources.js';
import { isObject, jsonValue } from './response.js';
import type { RawResponse } from './transport.js';

/** One page of a list. Values of `R` are converted to the types that the table declares. */
export interface Page<R> {
  readonly records: readonly R[];
  /** Page number, from 1. */
  readonly page: number;
  /** Number of pages; undefined if Float does not count them and this may not be the last. */
  readonly pages: number | undefined;
  /** Number of records of all pages; if Float does not count them, those up to this page. */
  readonly total: number;
}

/** The requested page. */
export interface PageRequest {
  readonly endpoint: string;
  readonly row: Readable;
  readonly page: number;
  readonly perPage: number;
}

/** Parses a page. Its numbers are in headers only; an empty list may be a 204 without a body. */
export function readPage<R extends object>(raw: RawResponse, asked: PageRequest): Page<R> {
  const records = listIn(jsonValue(raw, asked.endpoint) ?? []);
  if (records === undefined) {
    throw new FloatApiError('bad-answer', {
      endpoint: asked.endpoint,
      status: raw.status,
      reason: 'expected a list',
    });
  }
  for (const record of records) coerceTypes(asked.row, record);
  const page = count(raw, 'current-page') ?? asked.page;
  return {
    records: records as unknown as readonly R[],
    page,
    pages: count(raw, 'page-count') ?? count(raw, 'pages') ?? pagesWithoutCount(records.length, asked),
    total: count(raw, 'total-count') ?? (page - 1) * asked.perPage + records.length,
  };
}

/** Accepts a bare list, or an object with exactly one list, as in reports. */
function listIn(value: unknown): readonly Record<string, unknown>[] | undefined {
  const lists = isObject(value) ? Object.values(value).filter(Array.isArray) : [value];
  const [list] = lists;
  return lists.length === 1 && Array.isArray(list) && list.every(isObject) ? list : undefined;
}

/**
 * The number of pages without Float's count. A full page may have successors; a shorter one is the last, and a longer one
 * shows that the list is not paged.
 */
function pagesWithoutCount(records: number, { page, perPage }: PageRequest): number | undefined {
  return records === perPage ? undefined : page;
}

function count(raw: RawResponse, name: string): number | undefined {
  const text = raw.header(`x-pagination-${name}`);
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}
