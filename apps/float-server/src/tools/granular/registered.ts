import type { CallToolResult, HandlerContext, McpServer, ToolAnnotations } from 'mcp-express';
import type * as z from 'zod';
import type { LenientSchema } from '../lenient-schema.js';
import type { FloatTool, ToolDeps } from '../tool.js';

/** The configuration that a tool passes to the registry. */
export interface ToolConfig {
  readonly title: string;
  readonly description: string;
  readonly inputSchema: LenientSchema;
  readonly outputSchema: z.ZodObject;
  readonly annotations: ToolAnnotations;
}

/** The handler that a tool passes to the registry. */
export type ToolHandler = (args: Record<string, unknown>, context: HandlerContext) => Promise<CallToolResult>;

/** A registered tool: configuration and handler. */
export interface Registered {
  readonly config: ToolConfig;
  readonly handler: ToolHandler;
}

/** Registers a tool with a stub registry, to build another tool from it. */
export function registeredOf(tool: FloatTool, deps: ToolDeps): Registered {
  let found: Registered | undefined;
  const registry = {
    registerTool: (_name: string, config: ToolConfig, handler: ToolHandler) => {
      found = { config, handler };
    },
  };
  tool.register(registry as unknown as Pick<McpServer, 'registerTool'>, deps);
  if (found === undefined) throw new TypeError(`the tool "${tool.name}" registers nothing`);
  return found;
}
