import { createServer } from 'node:http';
import { createRequestListener } from '@remix-run/node-fetch-server';
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import { McpServer } from 'tmcp';
import { announce } from '../announce.js';
import { SERVED_TOOLS } from '../settings.js';

const mcp = new McpServer(
  { name: 'bench', version: '1.0.0' },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: { listChanged: true } } },
);
for (const { name, description, input, run } of SERVED_TOOLS) {
  mcp.tool({ name, description, schema: input }, async (args) => ({
    content: [{ type: 'text', text: run(args as Record<string, unknown>) }],
  }));
}
const transport = new HttpTransport(mcp, { path: '/mcp' });

// As its README has it for Node.
const server = createServer(
  createRequestListener(async (request) => {
    const response = await transport.respond(request);
    return response ?? new Response(null, { status: 404 });
  }),
);

await announce(server.listen(0, '127.0.0.1'));
