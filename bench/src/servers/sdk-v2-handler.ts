import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { announce } from './announce.js';
import { buildServer } from './sdk-v2-server.js';

// Serves clients of 2025 revisions too, without sessions: a server object for each request.
const handler = toNodeHandler(createMcpHandler(buildServer));
const app = createMcpExpressApp();
app.all('/mcp', (request, response) => void handler(request, response, request.body));

await announce(app.listen(0, '127.0.0.1'));
