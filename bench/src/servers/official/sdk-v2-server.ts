import { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { EMIT } from '../progress.js';
import { EMITS, SERVED_TOOLS } from '../settings.js';

/** A server object of the official SDK 2.x: one for each session, or for each request under `createMcpHandler`. */
export function buildServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, description, input, run } of SERVED_TOOLS) {
    server.registerTool(name, { description, inputSchema: input }, async (args) => ({
      content: [{ type: 'text', text: run(args) }],
    }));
  }
  if (EMITS) registerEmit(server);
  return server;
}

function registerEmit(server: McpServer): void {
  const { name, description, message, answer } = EMIT;
  server.registerTool(name, { description, inputSchema: z.object({ count: z.int() }) }, async ({ count }, ctx) => {
    const progressToken = ctx.mcpReq._meta?.progressToken as number;
    for (let progress = 1; progress <= count; progress += 1) {
      const params = { progressToken, progress, total: count, message };
      await ctx.mcpReq.notify({ method: 'notifications/progress', params });
    }
    return { content: [{ type: 'text', text: answer }] };
  });
}
