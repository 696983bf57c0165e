import type { CallToolResult, HandlerContext, McpServer, Principal, ToolAnnotations } from 'mcp-express';
import type * as z from 'zod';
import type { FloatClient } from '../float/client.js';
import { marked, visible } from '../foreign-text.js';
import type { Day } from '../planning/day.js';
import { lenient } from './as-meant.js';
import { problemText } from './problem.js';

/** What every tool works with; made once, when the server is made. */
export interface ToolDeps {
  readonly api: FloatClient;
  readonly today: () => Day;
  /** The client of whoever calls, where people have Float tokens of their own. @default `api` for all */
  readonly apiOf?: (principal: Principal | undefined) => FloatClient;
  /** E-mail address or id in Float of whom "me" means. @default unknown */
  readonly callerOf?: (principal: Principal | undefined) => string | undefined;
}

/** One call: what the tools work with, and the caller's wish to hear about progress or to stop. */
export interface ToolCall extends ToolDeps {
  readonly signal: AbortSignal;
  readonly progress: HandlerContext['progress'];
  /** E-mail address or id in Float of the person who calls, where it is known. */
  readonly caller?: string | undefined;
  /** Asks the user through the client. Absent in a call that comes from no client. */
  readonly elicit?: HandlerContext['elicit'];
}

/** What a tool answers: a short text to read, and the same as data. */
export interface Answer<T> {
  readonly text: string;
  readonly data: T;
}

export interface ToolDefinition<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: I;
  readonly output: O;
  readonly annotations: ToolAnnotations;
  run(args: z.output<I>, call: ToolCall): Promise<Answer<z.output<O>>>;
}

export interface FloatTool {
  readonly name: string;
  register(mcp: Pick<McpServer, 'registerTool'>, deps: ToolDeps): void;
}

/** Float's account is the whole world of these tools: nothing they touch lies outside it. */
export const READS: ToolAnnotations = { readOnlyHint: true, idempotentHint: true, openWorldHint: false };
/** Adds something, and changes nothing that is there. */
export const CREATES: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};
/** An update overwrites, so it is not "only additive"; creating twice makes two. */
export const WRITES: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: false,
};
/** Saying the same values again changes nothing more. */
export const UPDATES: ToolAnnotations = { ...WRITES, idempotentHint: true };
export const DELETES: ToolAnnotations = { ...WRITES, idempotentHint: true };

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: ToolDefinition<I, O>): FloatTool {
  const { name, title, description, input, output, annotations } = definition;
  const config = {
    title,
    description,
    inputSchema: lenient(input as z.ZodObject),
    outputSchema: output as z.ZodObject,
    annotations: { title, ...annotations },
  };
  return {
    name,
    register(mcp, deps) {
      mcp.registerTool(name, config, async (args, { signal, progress, elicit, principal }) => {
        const api = deps.apiOf?.(principal) ?? deps.api;
        // The registry has checked the arguments against `input`.
        const caller = deps.callerOf?.(principal);
        return resultOf(() => definition.run(args as z.output<I>, { ...deps, api, caller, signal, progress, elicit }));
      });
    },
  };
}

/** A question that cannot be answered is a result the model can read and mend; a bug stays an exception. */
async function resultOf(run: () => Promise<Answer<Record<string, unknown>>>): Promise<CallToolResult> {
  try {
    const { text, data } = await run();
    return { content: [{ type: 'text', text: marked(visible(text)) }], structuredContent: data };
  } catch (error) {
    const text = problemText(error);
    if (text === undefined) throw error;
    return { content: [{ type: 'text', text }], isError: true };
  }
}
