import express, { type Express } from 'express';
import { type McpRouter, McpServer, mcpRouter, memoryStore, type Store } from 'mcp-express';
import * as z from 'zod';
import { EMIT } from '../progress.js';
import { EMITS, GUARDS_OFF, KEEPS_EVERYTHING, REDIS_URL, SERVED_TOOLS } from '../settings.js';
import { without } from './guards.js';

/** More than the rows that replay have events, for a session and in all. */
const ROOMY = { streams: { events: 1_000_000, bytes: 512 * 1024 * 1024, totalBytes: 1024 * 1024 * 1024 } };

/** All load comes from one address, which stands for many. */
const ONE_ADDRESS = { maxSessionsPerAddress: 10_000, maxCallsPerPrincipal: 10_000 };

/** The app a user of mcp-express writes, with the options that the benchmark needs. */
export async function ourApp(): Promise<{ app: Express; router: McpRouter }> {
  const mcp = new McpServer({ name: 'bench', version: '1.0.0' });
  for (const { name, description, input, run } of SERVED_TOOLS) {
    mcp.registerTool(name, { description, inputSchema: input }, async (args) => ({
      content: [{ type: 'text', text: run(args) }],
    }));
  }
  if (EMITS) registerEmit(mcp);
  const store = await chosenStore();
  const router = mcpRouter(mcp, { ...ONE_ADDRESS, ...without(GUARDS_OFF), ...(store === undefined ? {} : { store }) });
  return { app: express().use(router), router };
}

function registerEmit(mcp: McpServer): void {
  const { name, description, message, answer } = EMIT;
  mcp.registerTool(name, { description, inputSchema: z.object({ count: z.int() }) }, async ({ count }, ctx) => {
    for (let step = 1; step <= count; step += 1) await ctx.progress(step, count, message);
    return { content: [{ type: 'text', text: answer }] };
  });
}

async function chosenStore(): Promise<Store | undefined> {
  if (REDIS_URL !== undefined) {
    // Loaded only here: a server that does not use it would start later for it.
    const { redisStore } = await import('mcp-express/redis');
    return redisStore({ url: REDIS_URL });
  }
  return KEEPS_EVERYTHING ? memoryStore(ROOMY) : undefined;
}
