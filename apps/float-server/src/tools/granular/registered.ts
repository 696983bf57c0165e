import type { CallToolResult, HandlerContext, McpServer, ToolAnnotations } from 'mcp-express';
import type * as z from 'zod';
import type { Lenient } from '../as-meant.js';
import type { FloatTool, ToolDeps } from '../tool.js';

/** What a tool tells the registry. */
export interface ToolConfig {
  readonly title: string;
  readonly description: string;
  readonly inputSchema: Lenient;
  readonly outputSchema: z.ZodObject;
  readonly annotations: ToolAnnotations;
}

export type ToolHandler = (args: Record<string, unknown>, context: HandlerContext) => Promise<CallToolResult>;

export interface Registered {
  readonly config: ToolConfig;
  readonly handler: ToolHandler;
}

/** A tool as a registry would get it, for whoever builds another one from it. */
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
