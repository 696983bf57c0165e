import express, { type Express } from 'express';
import { McpServer, mcpRouter } from 'mcp-express';
import { TOOLS } from '../tools.js';

/** The app a user of mcp-express writes, with no options. */
export function ourApp(): Express {
  const mcp = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, description, input, run } of TOOLS) {
    mcp.registerTool(name, { description, inputSchema: input }, async (args) => ({
      content: [{ type: 'text', text: run(args) }],
    }));
  }
  return express().use(mcpRouter(mcp));
}
