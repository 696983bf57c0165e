import type { Server } from 'node:http';
import { StreamableHTTPTransport } from '@hono/mcp';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { announce } from '../announce.js';
import { buildServer } from '../official/sdk-v1-app.js';

// As its README has it: one server, one transport, no sessions.
const app = new Hono();
const mcpServer = buildServer();
const transport = new StreamableHTTPTransport();

app.all('/mcp', async (context) => {
  if (!mcpServer.isConnected()) await mcpServer.connect(transport);
  return transport.handleRequest(context);
});

await announce(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server);
