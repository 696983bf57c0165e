import libraries from '#libraries';
import { isObject } from '../../protocol/json-rpc.js';
import type { CompiledTool } from './tool.js';

/** Words of questions that do not describe a tool. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  `a all am an and any are as at be by can could did do does for from get give had has have how i if in into is it its
  let like me my need of on one or our please show so some that the their them then there these they this those to up
  us use want was we were what when where which who will with would you your`.split(/\s+/),
);

/** How much a match in each field counts. */
const BOOSTS = { name: 3, title: 3, description: 1, args: 1 };

/** Share of a word's letters that may differ. */
const FUZZY = 0.2;

/** Words shorter than this are only matched in full. */
const MIN_FUZZY = 5;

/** Ranks tools for a query by their names, titles, descriptions and argument names. */
export interface ToolIndex {
  /**
   * The names of the best tools, best first.
   * @param isVisible tools for which it is false are not found
   */
  search(query: string, limit: number, isVisible: (name: string) => boolean): readonly string[];
}

/** Indexes the tools. The library is loaded when the first index is made. */
export function toolIndex(tools: readonly CompiledTool[]): ToolIndex {
  const MiniSearch = libraries.minisearch();
  const index = new MiniSearch({
    idField: 'name',
    fields: Object.keys(BOOSTS),
    tokenize: wordsIn,
    processTerm: stem,
    searchOptions: {
      boost: BOOSTS,
      prefix: (term) => term.length >= MIN_FUZZY,
      fuzzy: (term) => (term.length >= MIN_FUZZY ? FUZZY : false),
    },
  });
  index.addAll(tools.map(({ key, listing }) => ({ ...fieldsOf(listing), name: key })));
  return {
    search: (query, limit, isVisible) =>
      index
        .search(query, { filter: ({ id }) => isVisible(String(id)) })
        .slice(0, limit)
        .map(({ id }) => String(id)),
  };
}

function fieldsOf({ title, description, inputSchema }: CompiledTool['listing']): Record<string, unknown> {
  return { title, description, args: argumentNames(inputSchema).join(' ') };
}

/** The names of the arguments of a listed schema. */
export function argumentNames(inputSchema: unknown): readonly string[] {
  const properties = isObject(inputSchema) ? inputSchema['properties'] : undefined;
  return isObject(properties) ? Object.keys(properties) : [];
}

/** Splits `findOrder`, `find_order` and `find-order` alike. */
function wordsIn(text: string): string[] {
  return text.replaceAll(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ').split(/[^\p{L}\p{N}]+/u);
}

/** A word in lower case and without its plural ending; nothing for a stop word. */
function stem(word: string): string | false {
  const lower = word.toLowerCase();
  if (lower === '' || STOP_WORDS.has(lower)) return false;
  if (lower.length > 4 && lower.endsWith('ies')) return `${lower.slice(0, -3)}y`;
  return lower.length > 3 && lower.endsWith('s') && !lower.endsWith('ss') ? lower.slice(0, -1) : lower;
}
