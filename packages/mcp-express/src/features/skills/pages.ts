import { McpError } from '../../protocol/errors.js';
import { cursorAfter } from '../../registry/list-order.js';

/** One page of something, and where the next begins, if there is one. */
export interface Page<T> {
  readonly shown: readonly T[];
  readonly next: { readonly nextCursor?: string };
}

/** What is paged through. */
export interface Paged<T> {
  readonly all: readonly T[];
  readonly pageSize: number;
  readonly uriOf: (entry: T) => string;
  /** Where the entry was that a cursor names and that has gone: the place of what came next; `undefined` when there was none. */
  readonly placeOfGone: (cursor: string) => number | undefined;
}

/**
 * A cursor names the entry it comes after, so it stays right when others come and go, and when that entry does.
 *
 * @throws McpError `invalid-params` for a cursor that named none of them.
 */
export function pageOf<T>({ all, pageSize, uriOf, placeOfGone }: Paged<T>, cursor: string | undefined): Page<T> {
  const named = cursor === undefined ? -1 : all.findIndex((entry) => cursorAfter(uriOf(entry)) === cursor);
  const start = cursor === undefined || named !== -1 ? named + 1 : placeOfGone(cursor);
  if (start === undefined) throw new McpError('invalid-params', 'Invalid cursor');
  const shown = all.slice(start, start + pageSize);
  const last = shown.at(-1);
  const isEnd = last === undefined || start + shown.length >= all.length;
  return { shown, next: isEnd ? {} : { nextCursor: cursorAfter(uriOf(last)) } };
}
