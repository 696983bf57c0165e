import { isObject, jsonValue } from './answer.js';
import { asDeclared } from './declared.js';
import { FloatApiError } from './errors.js';
import type { Readable } from './resources.js';
import type { RawAnswer } from './transport.js';

/** `R` is the record; only the types of its values are brought into those that the table declares. */
export interface Page<R> {
  readonly records: readonly R[];
  /** Counted from 1. */
  readonly page: number;
  /** Pages of the list; `undefined` where Float does not count them and this one may not be the last. */
  readonly pages: number | undefined;
  /** Records in all pages together, as Float counts them; without its count, those up to this page. */
  readonly total: number;
}

export interface AskedPage {
  readonly endpoint: string;
  readonly row: Readable;
  readonly page: number;
  readonly perPage: number;
}

/** One page of a list. The numbers stand in headers only; an empty list may be a 204 without a body. */
export function readPage<R extends object>(raw: RawAnswer, asked: AskedPage): Page<R> {
  const records = listIn(jsonValue(raw, asked.endpoint) ?? []);
  if (records === undefined) {
    throw new FloatApiError('bad-answer', { endpoint: asked.endpoint, status: raw.status, said: 'expected a list' });
  }
  for (const record of records) asDeclared(asked.row, record);
  const page = count(raw, 'current-page') ?? asked.page;
  return {
    records: records as unknown as readonly R[],
    page,
    pages: count(raw, 'page-count') ?? count(raw, 'pages') ?? pagesWithoutCount(records.length, asked),
    total: count(raw, 'total-count') ?? (page - 1) * asked.perPage + records.length,
  };
}

/** A bare list, or an object whose one list it is, such as that of a report. */
function listIn(value: unknown): readonly Record<string, unknown>[] | undefined {
  const lists = isObject(value) ? Object.values(value).filter(Array.isArray) : [value];
  const [list] = lists;
  return lists.length === 1 && Array.isArray(list) && list.every(isObject) ? list : undefined;
}

/**
 * Without the header, a full page may be one of many. Fewer records are the last page, and more of them a list that has
 * no pages at all.
 */
function pagesWithoutCount(records: number, { page, perPage }: AskedPage): number | undefined {
  return records === perPage ? undefined : page;
}

function count(raw: RawAnswer, name: string): number | undefined {
  const text = raw.header(`x-pagination-${name}`);
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}
