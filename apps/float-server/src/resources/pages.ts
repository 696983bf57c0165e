import { ToolProblem } from '../tools/problem.js';
import { quoted } from '../untrusted-text.js';
import { pageUri } from './uris.js';

/** Rows per page. A page should not fill a model's context. */
export const PER_PAGE = 50;

/** One page of a list. */
export interface PageOf<T> {
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** URI of the next page; undefined on the last. */
  readonly next?: string;
  readonly items: readonly T[];
}

/**
 * One page of a list.
 *
 * @param asked page number as given
 * @param uri URI of the first page
 * @throws ToolProblem if there is no such page
 */
export function pageOf<T>(all: readonly T[], asked: string | undefined, uri: string): PageOf<T> {
  const pages = Math.max(1, Math.ceil(all.length / PER_PAGE));
  const page = Number(asked ?? 1);
  if (!Number.isInteger(page) || page < 1 || page > pages) {
    throw new ToolProblem('bad-argument', `There is no page ${quoted(String(asked))}: pages are 1 to ${pages}.`);
  }
  return {
    total: all.length,
    page,
    pages,
    ...(page < pages ? { next: pageUri(uri, page + 1) } : {}),
    items: all.slice((page - 1) * PER_PAGE, page * PER_PAGE),
  };
}

/** The page numbers that begin with the typed text. */
export function suggestPages(typed: string, records: number): string[] {
  const pages = Math.max(1, Math.ceil(records / PER_PAGE));
  return Array.from({ length: pages }, (_, index) => String(index + 1)).filter((page) => page.startsWith(typed));
}
