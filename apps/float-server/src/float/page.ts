import { isObject, jsonValue } from './answer.js';
import { FloatApiError } from './errors.js';
import type { RawAnswer } from './transport.js';

/** `R` is the record; nothing of it is checked, for Float adds to its answers without notice. */
export interface Page<R> {
  readonly records: readonly R[];
  /** Counted from 1. */
  readonly page: number;
  readonly pages: number;
  /** Records in all pages together, as Float counts them. */
  readonly total: number;
}

export interface AskedPage {
  readonly endpoint: string;
  readonly page: number;
  readonly perPage: number;
}

/** One page of a list. The numbers stand in headers only; an empty list may be a 204 without a body. */
export function readPage<R>(raw: RawAnswer, asked: AskedPage): Page<R> {
  const value = jsonValue(raw, asked.endpoint) ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new FloatApiError('bad-answer', { endpoint: asked.endpoint, status: raw.status, said: 'expected a list' });
  }
  return {
    records: value as unknown as readonly R[],
    page: count(raw, 'current-page') ?? asked.page,
    pages: count(raw, 'page-count') ?? onlyPage(value.length, asked),
    total: count(raw, 'total-count') ?? value.length,
  };
}

/**
 * Without the header a full page may be one of many: better no answer than one that is silently short. More than a page
 * is a list that has no pages at all.
 */
function onlyPage(records: number, asked: AskedPage): number {
  if (records !== asked.perPage) return 1;
  const said = 'a full page without X-Pagination-Page-Count, so there may be more';
  throw new FloatApiError('bad-answer', { endpoint: asked.endpoint, said });
}

function count(raw: RawAnswer, name: string): number | undefined {
  const text = raw.header(`x-pagination-${name}`);
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= 0 ? value : undefined;
}
