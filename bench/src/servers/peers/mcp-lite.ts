import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { McpServer, StreamableHttpTransport } from 'mcp-lite';
import * as z from 'zod';
import { announce } from '../announce.js';
import { SERVED_TOOLS } from '../settings.js';

// As its README has it: on Hono, without sessions.
const mcp = new McpServer({
  name: 'bench',
  version: '1.0.0',
  schemaAdapter: (schema) => z.toJSONSchema(schema as z.ZodType),
});
for (const { name, description, input, run } of SERVED_TOOLS) {
  mcp.tool(name, {
    description,
    inputSchema: input,
    handler: (args) => ({ content: [{ type: 'text', text: run(args) }] }),
  });
}
const handler = new StreamableHttpTransport().bind(mcp);

const app = new Hono();
app.all('/mcp', async (context) => handler(context.req.raw));

await announce(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
