import { isObject } from '../../protocol/json-rpc.js';
import type { KeptResults, ResultOwner } from './kept-results.js';

/** The place for results that are too large. */
export interface ResultPlace {
  readonly kept: KeptResults;
  readonly whose: ResultOwner;
}

/** A limit on the text of a result, and the place for the rest. */
export interface ResultBudget extends ResultPlace {
  /** Bytes. 0 disables the limit. */
  readonly maxBytes: number;
}

/** Most pages that are linked. The others have the next numbers. */
const MAX_LINKS = 20;

/** Whether the text of the content has more than `maxBytes` bytes. */
export function isOver(content: readonly unknown[], maxBytes: number): boolean {
  return bytesOf(content) > maxBytes;
}

/**
 * The content with the beginning of its text, and links to pages with all of its text. The whole content if the pages
 * cannot be stored.
 */
export async function withinBudget(
  tool: string,
  content: readonly unknown[],
  { kept, maxBytes, whose }: ResultBudget,
): Promise<readonly unknown[]> {
  const texts = content.flatMap((block) => textIn(block) ?? []);
  const pages = texts.flatMap((text) => pagesOf(text, maxBytes));
  const stored = await kept.keep(tool, pages, whose);
  if (stored === undefined) return content;
  const [head = ''] = pagesOf(pages[0] ?? '', Math.ceil(maxBytes / 2));
  const links = pages.slice(0, MAX_LINKS).map((text, index) => ({
    type: 'resource_link',
    uri: `${stored.uri}${index + 1}`,
    name: `${tool} result, page ${index + 1} of ${pages.length}`,
    mimeType: 'text/plain',
    size: Buffer.byteLength(text),
  }));
  const total = bytesOf(content);
  const shown = Buffer.byteLength(head);
  const rest = pages.length > MAX_LINKS ? ` The URI of page N is ${stored.uri}N.` : '';
  const sentence =
    `This result has ${total} bytes of text; the first ${shown} are above and ${total - shown} more are not shown. ` +
    `Read all of it as ${pages.length} resource${pages.length === 1 ? '' : 's'}, linked below.${rest}`;
  const others = content.filter((block) => textIn(block) === undefined);
  return [{ type: 'text', text: head }, { type: 'text', text: sentence }, ...links, ...others];
}

function textIn(block: unknown): string | undefined {
  return isObject(block) && block['type'] === 'text' && typeof block['text'] === 'string' ? block['text'] : undefined;
}

function bytesOf(content: readonly unknown[]): number {
  return content.reduce<number>((sum, block) => sum + Buffer.byteLength(textIn(block) ?? ''), 0);
}

/** A text in parts of `maxBytes` bytes at most, cut between characters. Parts share the memory of the text. */
function pagesOf(text: string, maxBytes: number): string[] {
  const pages: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = endOf(text, start, maxBytes);
    pages.push(text.slice(start, end));
    start = end;
  }
  return pages;
}

function endOf(text: string, start: number, maxBytes: number): number {
  let units = Math.min(maxBytes, text.length - start);
  for (;;) {
    const bytes = Buffer.byteLength(text.slice(start, start + units));
    if (bytes <= maxBytes || units === 1) break;
    units = Math.max(1, Math.floor((units * maxBytes) / bytes));
  }
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(start + units - 1)) && start + units < text.length;
  if (!splitsPair) return start + units;
  // A pair that does not fit is a part of its own, so that every part makes progress.
  return units === 1 ? start + 2 : start + units - 1;
}
