import { describe, expect, test } from '@jest/globals';
import express, { type Express, type Request } from 'express';
import express4 from 'express4';
import { McpServer } from '../index.js';
import { mcpRouter } from '../router.js';
import { serve } from './serve.js';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};

/** Serves an app, and counts its requests that pass through Express. */
async function posting(app: Express, path: string, headers: Record<string, string> = {}) {
  let walked = 0;
  const inner = app as Express & { handle: (...args: unknown[]) => void };
  const { handle } = inner;
  inner.handle = (...args) => {
    walked += 1;
    return handle.apply(app, args);
  };
  const served = await serve(app, { port: 0 });
  try {
    const answer = await fetch(served.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(INITIALIZE),
    });
    const text = await answer.text();
    return { walked, status: answer.status, text, headers: answer.headers };
  } finally {
    await served.close({ graceMs: 0 });
  }
}

const router = (options = {}) => mcpRouter(new McpServer({ name: 'm', version: '1' }), options);

describe('serve passes requests to the MCP router directly', () => {
  test.each<readonly [string, (app: Express) => void]>([
    ['if the app has nothing else', (app) => app.use(router())],
    [
      'behind routes of other paths',
      (app) =>
        app
          .get('/healthz', () => {})
          .use('/files', () => {})
          .use(router()),
    ],
    ['behind another router', (app) => app.use(router({ path: '/other' })).use(router())],
    ['before all other middleware', (app) => app.use(router()).use((_request, response) => void response.send('late'))],
  ])('%s', async (_where, build) => {
    const app = express();
    build(app);
    expect(await posting(app, '/mcp')).toMatchObject({ walked: 0, status: 200 });
  });

  test.each<readonly [string, string, (app: Express) => void]>([
    ['middleware before it', '/mcp', (app) => app.use((_request, _response, next) => next()).use(router())],
    ['a route of its path before it', '/mcp', (app) => app.get('/mcp', () => {}).use(router())],
    ['a pattern before it', '/mcp', (app) => app.get(/^\/m.p$/, () => {}).use(router())],
    ['a prefix it is mounted under', '/api/mcp', (app) => app.use('/api', router())],
    ['a query', '/mcp?key=1', (app) => app.use(router())],
  ])('but not with %s', async (_what, path, build) => {
    const app = express();
    build(app);
    expect(await posting(app, path)).toMatchObject({ walked: 1, status: 200 });
  });

  test('nor with Express 4, which has middleware of its own', async () => {
    const app = express4() as unknown as Express;
    app.use(router());
    expect(await posting(app, '/mcp')).toMatchObject({ walked: 1, status: 200 });
  });

  test('nor requests for other paths', async () => {
    const app = express().use(router());
    app.use((_request, response) => void response.status(418).send('the app'));
    expect(await posting(app, '/else')).toMatchObject({ walked: 1, status: 418, text: 'the app' });
  });

  test('as soon as the app has the router, and no longer once middleware precedes it', async () => {
    const app = express();
    app.use(router());
    app.router.stack.unshift(...express().use((_request, response) => void response.send('first')).router.stack);
    expect(await posting(app, '/mcp')).toMatchObject({ walked: 1, text: 'first' });
  });

  test('with the properties that Express sets on a request', async () => {
    const seen: unknown[] = [];
    const principal = (request: Request): undefined => {
      const { ip, protocol, hostname, originalUrl, baseUrl, path, res } = request;
      seen.push({ ip, protocol, hostname, originalUrl, baseUrl, path, locals: res?.locals, query: request.query });
      return undefined;
    };
    const build = (): Express => express().set('trust proxy', 1).use(router({ principal }));
    const forwarded = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };
    expect((await posting(build(), '/mcp', forwarded)).walked).toBe(0);
    const walking = express()
      .set('trust proxy', 1)
      .use((_request, _response, next) => next());
    expect((await posting(walking.use(router({ principal })), '/mcp', forwarded)).walked).toBe(1);
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]).toMatchObject({ ip: '203.0.113.7', protocol: 'https', originalUrl: '/mcp' });
  });
});
