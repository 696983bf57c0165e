/** A node for chaos runs: the server of float-server with tools that keep a journal. */
import express from 'express';
import { McpServer, mcpRouter, type Observer, serve } from 'mcp-express';
import { Journal } from './journal.js';
import { openChaosStore } from './open-chaos-store.js';
import { recordStalls } from './record-stalls.js';
import { registerTools } from './tools.js';

const env = (name: string): string => process.env[name] ?? '';

const LEASE_MS = 2_500;

const mcp = new McpServer({ name: 'chaos', version: '1.0.0' });
const journal = new Journal(env('JOURNAL'), env('LIFE'));
registerTools(mcp, journal);
recordStalls(journal);

const store = await openChaosStore(env('STORE'));
const sessionIdleMs = Number(env('SESSION_IDLE_MS'));
// All clients are anonymous callers of one address, and would share its limits.
const keyed = { maxKeyedCallsPerPrincipal: 1_000_000, maxTasks: 1_000_000 };
const observe: Observer = (event) => {
  if (event.type === 'failure') journal.writeFailure(event.where, event.cause);
};
const router = mcpRouter(mcp, { store, leaseMs: LEASE_MS, retryMs: 100, sessionIdleMs, observe, ...keyed });
const app = express();
app.get('/readyz', async (_request, response) => {
  const ready = await router.isReady();
  response.status(ready ? 200 : 503).json({ ready });
});
app.use(router);
const served = await serve(app, { port: Number(env('PORT')) });

const figures = express().get('/', async (_request, response) => void response.json(await router.stats()));
figures.listen(Number(env('STATS_PORT')), '127.0.0.1').unref();

const graceMs = Number(env('GRACE_MS'));
process.once('SIGTERM', () => void served.close({ graceMs }).then(() => store.close()));
