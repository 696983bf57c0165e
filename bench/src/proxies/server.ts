import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import { McpServer, mcpRouter, serve } from 'mcp-express';
import { z } from 'zod';
import { EVENTS, GAP_MS, KEEP_ALIVE_MS } from './timing.js';

/** The server behind the proxies, in a process of its own so that it can be killed. Reports each client that leaves. */
const mcp = new McpServer({ name: 'behind', version: '1.0.0' });

mcp.registerTool('tick', {}, async (ctx) => {
  for (let count = 1; count <= EVENTS; count += 1) {
    ctx.progress(count, EVENTS);
    await pause(GAP_MS);
  }
  return 'ticked';
});

mcp.registerTool('wait', {}, async (ctx) => {
  ctx.progress(1);
  await new Promise<void>((resolve) => {
    ctx.signal.addEventListener('abort', () => {
      process.send?.({ left: Date.now() });
      resolve();
    });
  });
  return 'left';
});

const named = z.object({ tenant: z.string().meta({ 'x-mcp-header': 'tenant_id' }) });
mcp.registerTool('named', { inputSchema: named }, ({ tenant }) => tenant);

const app = express().use(mcpRouter(mcp, { allowedHosts: ['*'], keepAliveMs: KEEP_ALIVE_MS }));
const { port } = await serve(app, { port: 0, host: '127.0.0.1' });
process.send?.({ port });
