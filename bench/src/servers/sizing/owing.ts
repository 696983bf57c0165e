import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { McpServer, mcpRouter, openStore, serve } from 'mcp-express';
import { announce } from '../announce.js';

/** A node whose calls last until it is killed. */
const mcp = new McpServer({ name: 'owing', version: '1.0.0' });
mcp.registerTool('wait', {}, async (ctx) => {
  await delay(600_000, undefined, { signal: ctx.signal });
  return 'done';
});

const store = await openStore(process.env['OWING_STORE'] ?? '');
const leaseMs = Number(process.env['OWING_LEASE_MS']);
const router = mcpRouter(mcp, {
  store,
  leaseMs,
  // Other figures have left sessions in the same Redis.
  maxSessions: 1_000_000,
  maxSessionsPerAddress: 1_000_000,
  maxCallsPerPrincipal: 10_000,
  maxCallsPerSession: 10_000,
  rateLimits: false,
});
const { server } = await serve(express().use(router), { port: 0 });
await announce(server);
