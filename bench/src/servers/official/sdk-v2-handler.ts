import { createMcpExpressApp } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { announce } from '../announce.js';
import { buildServer } from './sdk-v2-server.js';

// Serves clients of 2025 revisions too, without sessions: a server object for each request.
const handler = toNodeHandler(createMcpHandler(buildServer));
// With this host it does not check the Host header of requests.
const app = createMcpExpressApp({ host: '0.0.0.0' });
app.all('/mcp', (request, response) => void handler(request, response, request.body));

await announce(app.listen(0, '127.0.0.1'));
