/** A node for chaos runs: the server of float-server with tools that keep a journal. */
import express from 'express';
import { McpServer, mcpRouter, openStore, serve } from 'mcp-express';
import { Journal } from './journal.js';
import { registerTools } from './tools.js';

const env = (name: string): string => process.env[name] ?? '';

const mcp = new McpServer({ name: 'chaos', version: '1.0.0' });
registerTools(mcp, new Journal(env('JOURNAL'), env('LIFE')));

const store = await openStore(env('STORE'));
const sessionIdleMs = Number(env('SESSION_IDLE_MS'));
const router = mcpRouter(mcp, { store, leaseMs: 2_500, retryMs: 100, sessionIdleMs });
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
