import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import middie from '@fastify/middie';
import { describe, expect, test } from '@jest/globals';
import type { Router } from 'express';
import fastify from 'fastify';
import { McpServer, mcpRouter, type RouterOptions } from 'mcp-express';
import { bearerAuth } from 'mcp-express/auth';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession } from '../support/session.js';
import { EXPRESS } from '../support/start-server.js';

type Next = (error?: unknown) => void;
type Middleware = (request: IncomingMessage, response: ServerResponse, next: Next) => void;
type Connect = RequestListener & { use(middleware: Middleware): Connect };

const connect = createRequire(import.meta.url)('connect') as () => Connect;

const ORIGIN = 'https://page.example';

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function notFound(response: ServerResponse): Next {
  return () => {
    response.statusCode = 404;
    response.end();
  };
}

/** An Express router without an application. */
function bare(major: 4 | 5): (middleware: Middleware) => Promise<string> {
  return (middleware) => {
    const router = EXPRESS[major].Router() as Router & ((request: object, response: object, next: Next) => void);
    router.use(middleware as never);
    return listening(createServer((request, response) => router(request, response, notFound(response))));
  };
}

/** As NestJS mounts middleware on Fastify: requests and responses are Node's own. */
async function onFastify(middleware: Middleware): Promise<string> {
  const app = fastify();
  await app.register(middie);
  app.use(middleware);
  onCleanup(() => app.close());
  return app.listen({ port: 0, host: '127.0.0.1' });
}

const FRAMEWORKS: readonly (readonly [string, (middleware: Middleware) => Promise<string>])[] = [
  ['Connect', (middleware) => listening(createServer(connect().use(middleware)))],
  ['middie on Fastify', onFastify],
  ['a bare Router of Express 5', bare(5)],
  ['a bare Router of Express 4', bare(4)],
  [
    'node:http alone',
    (middleware) => listening(createServer((request, response) => middleware(request, response, notFound(response)))),
  ],
];

/** Jest fails a test on any unhandled rejection during its run, so these tests prove that there are none. */
describe.each(FRAMEWORKS)('without an Express application, by %s (R23)', (_name, mount) => {
  async function start(options: RouterOptions = {}) {
    const mcp = new McpServer({ name: 'm', version: '1' });
    mcp.registerTool('where', {}, (ctx) => String(ctx.request.ip));
    const router = mcpRouter(mcp, { allowedOrigins: [ORIGIN], ...options });
    onCleanup(() => router.close({ graceMs: 0 }));
    return { router, origin: await mount(router as unknown as Middleware) };
  }

  test.each([
    ['nothing special', {}],
    ['an Origin', { origin: ORIGIN }],
    ['X-Forwarded-For', { 'x-forwarded-for': '203.0.113.9' }],
  ])('a session with %s is served from its first request to its end', async (_what, headers) => {
    const { origin } = await start();
    const session = await openSession(`${origin}/mcp`, undefined, headers);
    const called = await session.call('where');
    expect(called.json.result.content[0].text).toBe('127.0.0.1');
    if ('origin' in headers) expect(called.headers['access-control-allow-origin']).toBe(ORIGIN);
    expect(called.headers['x-content-type-options']).toBe('nosniff');
    const stream = await session.listen();
    expect(stream.status).toBe(200);
    expect((await session.delete()).status).toBe(204);
  });

  test('preflights, refusals and other paths are answered', async () => {
    const { origin } = await start();
    const preflight = await send(`${origin}/mcp`, {
      method: 'OPTIONS',
      headers: { origin: ORIGIN, 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, ORIGIN]);
    const foreign = await send(`${origin}/mcp`, {
      body: initializeRequest(),
      headers: { origin: 'https://evil.example' },
    });
    expect([foreign.status, foreign.headers.vary]).toEqual([403, 'Origin']);
    expect((await send(`${origin}/mcp`, { method: 'PUT' })).status).toBe(405);
    expect((await send(`${origin}/other`, { method: 'GET' })).status).toBe(404);
  });

  test('rate limits count by the address of the connection', async () => {
    const { origin } = await start({ rateLimits: { initialize: 2 } });
    const statuses: number[] = [];
    for (let each = 0; each < 3; each += 1) {
      statuses.push((await send(`${origin}/mcp`, { body: initializeRequest() })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('the metadata of the resource and its challenges are served', async () => {
    const auth = bearerAuth({
      verify: async () => undefined,
      resource: 'https://mcp.example.com/mcp',
      authorizationServers: ['https://id.example.com/'],
    });
    const { origin } = await start({ auth });
    const document = await send(`${origin}/.well-known/oauth-protected-resource`, { method: 'GET' });
    expect([document.status, document.json.resource]).toEqual([200, 'https://mcp.example.com/mcp']);
    const refused = await send(`${origin}/mcp`, { body: initializeRequest() });
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, expect.stringMatching(/^Bearer /)]);
  });

  test('a closing router refuses requests accordingly', async () => {
    const { origin, router } = await start();
    await router.close({ graceMs: 0 });
    const answer = await send(`${origin}/mcp`, { body: initializeRequest() });
    expect([answer.status, answer.headers.connection]).toEqual([503, 'close']);
  });
});
