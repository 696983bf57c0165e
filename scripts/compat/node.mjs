import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/*
 * One node of a release: `node node.mjs PACKAGE STORE`, where PACKAGE is a built packages/mcp-express of any commit, and STORE
 * is `redis://…` or `lmdb:PATH`. Prints its URL on a line, and runs until it is killed.
 */
const [folder, storeText] = process.argv.slice(2);
const load = (path) => import(pathToFileURL(`${folder}/dist/${path}`));
const express = createRequire(`${folder}/package.json`)('express');
const { McpServer, mcpRouter, serve } = await load('index.js');

const QUESTION = {
  message: 'Your name?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
};
const LEASE_MS = 1_500;

const mcp = new McpServer({ name: 'compat', version: '1.0.0' });
const gates = new Map();
const TEXT = { type: 'object', properties: { text: { type: 'string' } } };

mcp.registerTool('echo', { inputSchema: TEXT }, ({ text }) => text);
// The answer has the node and the number of runs.
let runs = 0;
mcp.registerTool('once', {}, () => {
  runs += 1;
  return `${process.pid} ${runs}`;
});
const gate = (args, ctx) => {
  void ctx.progress(1);
  return new Promise((resolve) => {
    gates.set(args.text, resolve);
    ctx.signal.addEventListener('abort', () => resolve('aborted'));
  });
};
mcp.registerTool('gate', { inputSchema: TEXT }, gate);
mcp.registerTool('job', { inputSchema: TEXT, task: {} }, gate);
mcp.registerTool('release', { inputSchema: TEXT }, ({ text }) => {
  gates.get(text)?.(`released ${text}`);
  return String(gates.has(text));
});
mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ctx.elicit(QUESTION)));
mcp.registerTool('says', {}, async (ctx) => {
  await ctx.log('error', 'said');
  return 'done';
});
mcp.registerTool('update', {}, async (ctx) => {
  await ctx.notify.resourceUpdated('note://1');
  await ctx.notify.toolsChanged();
  return 'updated';
});
mcp.registerResource('note', 'note://1', {}, () => 'a note');

const app = express();
app.use(
  mcpRouter(mcp, { store: await storeOf(storeText), leaseMs: LEASE_MS, rateLimits: false, principal: () => undefined }),
);
const { url } = await serve(app, { port: 0, host: '127.0.0.1' });
console.log(`${url.replace(/\/$/, '')}/mcp`);

async function storeOf(text) {
  if (text.startsWith('lmdb:'))
    return (await load('store/lmdb/index.js')).lmdbStore({ path: text.slice('lmdb:'.length) });
  return (await load('store/redis/index.js')).redisStore({ url: text });
}
