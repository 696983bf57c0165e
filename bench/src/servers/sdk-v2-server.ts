import { McpServer } from '@modelcontextprotocol/server';
import { TOOLS } from '../tools.js';

/** A server object of the official SDK 2.x: one for each session, or for each request under `createMcpHandler`. */
export function buildServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, description, input, run } of TOOLS) {
    server.registerTool(name, { description, inputSchema: input }, async (args) => ({
      content: [{ type: 'text', text: run(args) }],
    }));
  }
  return server;
}
