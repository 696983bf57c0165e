import type { FloatClient } from 'float-api';
import type { CallToolResult, HandlerContext, McpServer, Principal, ToolAnnotations } from 'mcp-express';
import type { Day } from 'resource-planning';
import type * as z from 'zod';
import { visible, withQuoteNotice } from '../untrusted-text.js';
import { lenientSchema } from './lenient-schema.js';
import { problemText } from './problem.js';

/** The dependencies of all tools, created once with the server. */
export interface ToolDeps {
  readonly api: FloatClient;
  readonly today: () => Day;
  /** The Float client of a principal, if users have Float tokens of their own. @default `api` for all */
  readonly apiOf?: (principal: Principal | undefined) => FloatClient;
  /** E-mail address or Float id of the person whom "me" means. @default unknown */
  readonly callerOf?: (principal: Principal | undefined) => string | undefined;
}

/** The context of one tool call: dependencies, caller, cancellation, progress. */
export interface ToolCall extends ToolDeps {
  readonly signal: AbortSignal;
  readonly progress: HandlerContext['progress'];
  /** E-mail address or Float id of the caller, if known. */
  readonly caller?: string | undefined;
  /** Asks the user through the client. Absent in calls without a client. */
  readonly elicit?: HandlerContext['elicit'];
}

/** The result of a tool: a short text, and the same content as structured data. */
export interface Answer<T> {
  readonly text: string;
  readonly data: T;
}

/** A tool as its module declares it. */
export interface ToolDefinition<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: I;
  readonly output: O;
  readonly annotations: ToolAnnotations;
  run(args: z.output<I>, call: ToolCall): Promise<Answer<z.output<O>>>;
}

/** A tool that can be added to a registry. */
export interface FloatTool {
  readonly name: string;
  register(mcp: Pick<McpServer, 'registerTool'>, deps: ToolDeps): void;
}

/** Reads only. `openWorldHint` is false for all tools: they touch nothing but one Float account. */
export const READS: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
/** Adds records and changes no existing one. */
export const CREATES: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};
/** Creates or updates. Updates overwrite, so it is destructive; creating twice makes two records. */
export const WRITES: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: false,
};
/** Updates only: repeating a call with the same values has no further effect. */
export const UPDATES: ToolAnnotations = { ...WRITES, idempotentHint: true };
/** Deletes records: repeating a call has no further effect. */
export const DELETES: ToolAnnotations = { ...WRITES, idempotentHint: true };

/** Makes a tool of a definition: lenient arguments, per-caller client, and errors as results. */
export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: ToolDefinition<I, O>): FloatTool {
  const { name, title, description, input, output, annotations } = definition;
  const config = {
    title,
    description,
    inputSchema: lenientSchema(input as z.ZodObject),
    outputSchema: output as z.ZodObject,
    annotations: { title, ...annotations },
  };
  return {
    name,
    register(mcp, deps) {
      mcp.registerTool(name, config, async (args, { signal, progress, elicit, principal }) => {
        const api = deps.apiOf?.(principal) ?? deps.api;
        // The registry has validated the arguments against `input`.
        const caller = deps.callerOf?.(principal);
        return resultOf(() => definition.run(args as z.output<I>, { ...deps, api, caller, signal, progress, elicit }));
      });
    },
  };
}

/** Problems that the model can correct become error results; other errors stay exceptions. */
async function resultOf(run: () => Promise<Answer<Record<string, unknown>>>): Promise<CallToolResult> {
  try {
    const { text, data } = await run();
    return { content: [{ type: 'text', text: withQuoteNotice(visible(text)) }], structuredContent: data };
  } catch (error) {
    const text = problemText(error);
    if (text === undefined) throw error;
    return { content: [{ type: 'text', text }], isError: true };
  }
}
