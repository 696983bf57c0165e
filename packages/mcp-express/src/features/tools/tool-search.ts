import { assertKnown, ConfigurationError } from '../../protocol/errors.js';
import type { JsonSchema } from '../../protocol/mcp.js';
import type { HandlerContext } from '../../request/context.js';
import { shortened } from '../../util/shortened.js';
import type { Catalog } from '../catalog.js';
import { type CompiledTool, compileTool } from './tool.js';
import { argumentNames, type ToolIndex, toolIndex } from './tool-index.js';

/** Options of `registerToolSearch`. */
export interface ToolSearchOptions {
  /**
   * The name of the tool that searches.
   * @default 'search-tools'
   */
  readonly name?: string;
  /**
   * The name of the tool that describes tools in full.
   * @default 'describe-tools'
   */
  readonly describeName?: string;
  /**
   * Names of tools that `tools/list` shows beside the search. They may be registered later.
   * @default []
   */
  readonly listed?: readonly string[];
  /**
   * Most tools in the result of a search, from 1 to 50.
   * @default 5
   */
  readonly limit?: number;
}

/** A tool search: its two tools, and the names of all tools that are listed. */
export interface CompiledToolSearch {
  readonly tools: readonly CompiledTool[];
  readonly listed: ReadonlySet<string>;
}

const DEFAULT_LIMIT = 5;
const MAX_LIMIT = 50;

/** Most characters of a query, and of a description in the result of a search. */
const MAX_QUERY = 500;
const MAX_DESCRIPTION = 300;

/** Most tools that are described at a time. */
const MAX_DESCRIBED = 10;

const HINTS = { readOnlyHint: true, openWorldHint: false } as const;

const QUERY: JsonSchema = {
  type: 'object',
  properties: { query: { type: 'string', maxLength: MAX_QUERY, description: 'What the tool should do, in words.' } },
  required: ['query'],
};

const FOUND: JsonSchema = {
  type: 'object',
  properties: {
    tools: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          name: { type: 'string' },
          title: { type: 'string' },
          description: { type: 'string' },
          arguments: { type: 'array', items: { type: 'string' } },
        },
        required: ['name', 'arguments'],
      },
    },
  },
  required: ['tools'],
};

const NAMES: JsonSchema = {
  type: 'object',
  properties: { names: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: MAX_DESCRIBED } },
  required: ['names'],
};

const DESCRIBED: JsonSchema = {
  type: 'object',
  properties: {
    tools: { type: 'array', items: { type: 'object' } },
    unknown: { type: 'array', items: { type: 'string' } },
  },
  required: ['tools', 'unknown'],
};

/**
 * @param catalog the current catalog of the server
 * @throws ConfigurationError when an option is invalid
 */
export function compileToolSearch(options: ToolSearchOptions, catalog: () => Catalog): CompiledToolSearch {
  assertKnown(options, ['name', 'describeName', 'listed', 'limit'], 'registerToolSearch');
  const { name = 'search-tools', describeName = 'describe-tools', listed = [], limit = DEFAULT_LIMIT } = options;
  if (!Array.isArray(listed) || !listed.every((each) => typeof each === 'string')) {
    throw new ConfigurationError('registerToolSearch option "listed" must be an array of names of tools');
  }
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw new ConfigurationError(`registerToolSearch option "limit" must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  const own = new Set([name, describeName]);
  if (own.size < 2) throw new ConfigurationError('registerToolSearch needs two names that differ');
  const search = new Search(catalog, own, limit);
  return {
    tools: [
      compileTool(
        name,
        {
          title: 'Search tools',
          description: `Finds the tools of this server, most of which are not listed. Describe a tool by ${describeName} before you call it by its name.`,
          inputSchema: QUERY,
          outputSchema: FOUND,
          annotations: HINTS,
        },
        (args, ctx) => search.find(args as { query: string }, ctx as HandlerContext),
      ),
      compileTool(
        describeName,
        {
          title: 'Describe tools',
          description: 'Gives the full descriptions of tools, with the schemas of their arguments.',
          inputSchema: NAMES,
          outputSchema: DESCRIBED,
          annotations: HINTS,
        },
        (args, ctx) => search.describe(args as { names: string[] }, ctx as HandlerContext),
      ),
    ],
    listed: new Set([...own, ...listed]),
  };
}

/** Searches the tools of a server. The index is made by the first search after a change of the tools. */
class Search {
  #indexed: { readonly of: Catalog['tools']; readonly index: ToolIndex } | undefined;

  constructor(
    private readonly catalog: () => Catalog,
    private readonly own: ReadonlySet<string>,
    private readonly limit: number,
  ) {}

  find({ query }: { readonly query: string }, context: HandlerContext): object {
    const { tools } = this.catalog();
    if (this.#indexed?.of !== tools) {
      this.#indexed = { of: tools, index: toolIndex(tools.all.filter(({ key }) => !this.own.has(key))) };
    }
    const isVisible = (name: string): boolean => tools.find(name, context) !== undefined;
    const names = this.#indexed.index.search(query, this.limit, isVisible);
    return { tools: names.flatMap((name) => foundTool(tools.entries.get(name)) ?? []) };
  }

  describe({ names }: { readonly names: readonly string[] }, context: HandlerContext): object {
    const { tools } = this.catalog();
    const found = [...new Set(names)].map((name) => [name, tools.find(name, context)] as const);
    const listingOf = ({ listing, sessionListing }: CompiledTool): object =>
      context.sessionId === undefined ? listing : (sessionListing ?? listing);
    return {
      tools: found.flatMap(([, tool]) => (tool === undefined ? [] : [listingOf(tool)])),
      unknown: found.flatMap(([name, tool]) => (tool === undefined ? [name] : [])),
    };
  }
}

function foundTool(tool: CompiledTool | undefined): object | undefined {
  if (tool === undefined) return undefined;
  const { name, title, description, inputSchema } = tool.listing;
  return {
    name,
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description: shortened(description, MAX_DESCRIPTION) } : {}),
    arguments: argumentNames(inputSchema),
  };
}
