import { createHash } from 'node:crypto';
import { McpError } from '../../ground/errors.js';

/** One page of something, and where the next begins, if there is one. */
export interface Page<T> {
  readonly shown: readonly T[];
  readonly next: { readonly nextCursor?: string };
}

/**
 * A cursor names the entry it comes after, so it stays right when others come and go, and on every node.
 *
 * @throws McpError `invalid-params` for a cursor that names none of them.
 */
export function pageOf<T>(
  all: readonly T[],
  { cursor, pageSize, uriOf }: { cursor: string | undefined; pageSize: number; uriOf: (entry: T) => string },
): Page<T> {
  const start = cursor === undefined ? 0 : all.findIndex((entry) => cursorAfter(uriOf(entry)) === cursor) + 1;
  if (cursor !== undefined && start === 0) throw new McpError('invalid-params', 'Invalid cursor');
  const shown = all.slice(start, start + pageSize);
  const last = shown.at(-1);
  const isEnd = last === undefined || start + shown.length >= all.length;
  return { shown, next: isEnd ? {} : { nextCursor: cursorAfter(uriOf(last)) } };
}

/** As many characters as hold 128 bits: no two entries share a cursor by chance. */
const CURSOR_CHARACTERS = 22;

function cursorAfter(uri: string): string {
  return createHash('sha256').update(uri).digest('base64url').slice(0, CURSOR_CHARACTERS);
}
