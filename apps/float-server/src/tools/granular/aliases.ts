/** The old tool names, for prompts and programs written for them. They take the arguments of their successors. */
import type { CallToolResult } from 'mcp-express';
import * as z from 'zod';
import { withQuoteNotice } from '../../untrusted-text.js';
import { tools } from '../index.js';
import { lenientSchema } from '../lenient-schema.js';
import type { FloatTool } from '../tool.js';
import { granularTools } from './index.js';
import type { Bulk, Renamed } from './old-name.js';
import { OLD_NAMES } from './old-names.js';
import { registeredOf, type ToolConfig, type ToolHandler } from './registered.js';

const TARGETS: ReadonlyMap<string, FloatTool> = new Map([...tools, ...granularTools].map((tool) => [tool.name, tool]));

/** A tool for each old name that has a successor. */
export const aliasTools: readonly FloatTool[] = OLD_NAMES.flatMap((row) => {
  if ('why' in row) return [];
  return 'each' in row ? [bulkTool(row)] : [renamedTool(row)];
});

function targetOf(name: string): FloatTool {
  const tool = TARGETS.get(name);
  if (tool === undefined) throw new TypeError(`there is no tool "${name}"`);
  return tool;
}

function renamedTool(row: Renamed): FloatTool {
  const target = targetOf(row.tool);
  if (row.old === row.tool) return target;
  return {
    name: row.old,
    register(mcp, deps) {
      const { config, handler } = registeredOf(target, deps);
      const call: ToolHandler = (args, context) => handler({ ...args, ...row.preset }, context);
      mcp.registerTool(row.old, aliasConfig(config, row), call);
    },
  };
}

function aliasConfig(config: ToolConfig, { tool, preset = {}, needs = [], note }: Renamed): ToolConfig {
  const inputSchema = lenientSchema(
    z.strictObject(
      Object.fromEntries(
        Object.entries(config.inputSchema.out.shape)
          .filter(([name]) => !(name in preset))
          .map(([name, schema]) => [name, needs.includes(name) ? z.nonoptional(schema) : schema]),
      ),
    ),
  );
  const description = [`Older name of ${tool}.`, note && `${capitalised(note)}.`, config.description];
  return { ...config, inputSchema, description: description.filter(Boolean).join(' ') };
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Entries of a bulk call. Float has no bulk writes, so each entry is a request of its own. */
const MOST_ENTRIES = 50;

const BULK_DONE = z.object({
  done: z.number().describe('entries that were saved'),
  of: z.number().describe('entries that were given'),
  results: z.array(z.looseObject({})),
  stopped_by: z.string().optional().describe('why the entry after the last saved one was refused'),
});

function bulkTool({ old, each }: Bulk): FloatTool {
  const target = targetOf(each);
  return {
    name: old,
    register(mcp, deps) {
      const { config, handler } = registeredOf(target, deps);
      const entries = z.array(config.inputSchema).min(1).max(MOST_ENTRIES).describe(`arguments of ${each}, one each`);
      const bulk = {
        ...config,
        title: `${config.title}, several times`,
        description: `${config.description} Takes several, one after the other, and stops at the first that is refused.`,
        inputSchema: z.strictObject({ entries }),
        outputSchema: BULK_DONE,
        annotations: { ...config.annotations, title: `${config.title}, several times` },
      };
      const call: ToolHandler = (args, context) =>
        callEach(args['entries'] as Record<string, unknown>[], (entry) => handler(entry, context));
      mcp.registerTool(old, bulk, call);
    },
  };
}

/**
 * Saves the entries in order. Saved entries are reported even if a later one fails: a plain error would invite a retry
 * of all.
 */
async function callEach(
  entries: readonly Record<string, unknown>[],
  save: (entry: Record<string, unknown>) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const saved: CallToolResult[] = [];
  for (const entry of entries) {
    const result = await save(entry);
    if (result.isError === true) return saved.length === 0 ? result : bulkResult(saved, entries.length, textOf(result));
    saved.push(result);
  }
  return bulkResult(saved, entries.length, undefined);
}

function bulkResult(saved: readonly CallToolResult[], of: number, stoppedBy: string | undefined): CallToolResult {
  const stopped = `Entry ${saved.length + 1} was refused: ${stoppedBy}. It and those after it are not saved; do not send the others again.`;
  const lines = [
    `${saved.length} of ${of} saved.`,
    ...saved.map(textOf),
    ...(stoppedBy === undefined ? [] : [stopped]),
  ];
  const results = saved.map(({ structuredContent }) => structuredContent ?? {});
  return {
    content: [{ type: 'text', text: withQuoteNotice(lines.join('\n')) }],
    structuredContent: {
      done: saved.length,
      of,
      results,
      ...(stoppedBy === undefined ? {} : { stopped_by: stoppedBy }),
    },
  };
}

function textOf({ content: [first] }: CallToolResult): string {
  return first?.type === 'text' ? first.text : '';
}
