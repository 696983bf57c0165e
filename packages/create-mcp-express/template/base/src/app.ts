import express, { type Express } from 'express';
import { mcpRouter, type RouterOptions } from 'mcp-express';
import { mcp } from './tools.js';

/** The Express app: `/mcp` for MCP clients, `/readyz` for load balancers and containers. */
export function buildApp(options: RouterOptions = {}): Express {
  const router = mcpRouter(mcp, options);
  const app = express();
  app.get('/readyz', async (_request, response) => {
    const ready = await router.isReady();
    response.status(ready ? 200 : 503).json({ ready });
  });
  app.use(router);
  return app;
}
