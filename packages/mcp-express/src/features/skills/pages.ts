import { McpError } from '../../protocol/errors.js';
import { cursorAfter } from '../../registry/list-order.js';

/** One page of a list, with the cursor of the next page, if any. */
export interface Page<T> {
  readonly shown: readonly T[];
  readonly next: { readonly nextCursor?: string };
}

/** A list with pages. */
export interface PagedList<T> {
  readonly all: readonly T[];
  readonly pageSize: number;
  readonly uriOf: (entry: T) => string;
  /** The index of the entry after a removed one, which the cursor names. `undefined` for an unknown cursor. */
  readonly indexAfterRemoved: (cursor: string) => number | undefined;
}

/**
 * Selects a page. A cursor names the entry before the page, so it stays valid when entries are added or removed,
 * including that entry.
 * @throws McpError `invalid-params` for an unknown cursor
 */
export function pageOf<T>(
  { all, pageSize, uriOf, indexAfterRemoved }: PagedList<T>,
  cursor: string | undefined,
): Page<T> {
  const named = cursor === undefined ? -1 : all.findIndex((entry) => cursorAfter(uriOf(entry)) === cursor);
  const start = cursor === undefined || named !== -1 ? named + 1 : indexAfterRemoved(cursor);
  if (start === undefined) throw new McpError('invalid-params', 'Invalid cursor');
  const shown = all.slice(start, start + pageSize);
  const last = shown.at(-1);
  const isEnd = last === undefined || start + shown.length >= all.length;
  return { shown, next: isEnd ? {} : { nextCursor: cursorAfter(uriOf(last)) } };
}
