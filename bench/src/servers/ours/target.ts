import { setTimeout as delay } from 'node:timers/promises';
import express from 'express';
import { completable, McpServer, mcpRouter, memoryStore, type Store, serve } from 'mcp-express';
import * as z from 'zod';
import { announce } from '../announce.js';

/** The server that `hostile/` attacks: default options, and one tool or prompt for each way to use memory. */
const mcp = new McpServer({ name: 'target', version: '1.0.0' });

mcp.registerTool('echo', { inputSchema: z.looseObject({ text: z.string() }) }, ({ text }) => text);

mcp.registerTool('numbers', { inputSchema: z.object({ list: z.array(z.number()) }) }, ({ list }) => `${list.length}`);

mcp.registerTool('wait', { inputSchema: z.looseObject({ ms: z.int() }) }, async ({ ms }, ctx) => {
  await delay(ms, undefined, { signal: ctx.signal });
  return 'done';
});

mcp.registerTool('produce', { inputSchema: z.object({ bytes: z.int() }) }, async ({ bytes }, ctx) => {
  await ctx.progress(1, 2);
  return 'x'.repeat(bytes);
});

mcp.registerTool('report', { inputSchema: z.looseObject({ bytes: z.int() }), task: {} }, ({ bytes }) =>
  'x'.repeat(bytes),
);

mcp.registerResource('file', 'file:///one', {}, () => 'one');

mcp.registerPrompt('greet', { argsSchema: z.object({ name: completable(z.string(), () => ['Ada']) }) }, () => 'Hello');

const router = mcpRouter(mcp, { store: await chosenStore(process.env['TARGET_STORE'] ?? 'memory') });
const { server } = await serve(express().use(router), { port: 0 });
await announce(server);

async function chosenStore(name: string): Promise<Store> {
  if (name === 'memory') return memoryStore();
  const { openStore } = await import('mcp-express');
  return await openStore(name);
}
