import { describe, expect, test } from '@jest/globals';
import { McpError } from 'mcp-express';
import { apiKeys, bearerAuth, hashApiKey } from 'mcp-express/auth';
import { request } from '../modern/alone.js';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { type StartOptions, startServer } from '../support/start-server.js';
import { exchange } from './advisories/raw-socket.js';

describe('headers that say how an answer must not be used', () => {
  test('are on answers, refusals and streams', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const stream = await session.listen();
    const answers = [
      (await send(url, { body: initializeRequest() })).headers,
      (await send(url, { body: 'no json' })).headers,
      stream.headers,
    ];
    for (const headers of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
      });
    }
  });

  test('are those that helmet is asked for', async () => {
    const helmet = { strictTransportSecurity: false, frameguard: { action: 'sameorigin' } } as const;
    const { url } = await startServer({ options: { helmet } });
    const { headers } = await send(url, { body: initializeRequest() });
    expect([headers['strict-transport-security'], headers['x-frame-options']]).toEqual([undefined, 'SAMEORIGIN']);
  });

  test('are none where there shall be none', async () => {
    const { url } = await startServer({ options: { helmet: false } });
    const { headers } = await send(url, { body: initializeRequest() });
    expect([headers['x-content-type-options'], headers['content-security-policy']]).toEqual([undefined, undefined]);
  });
});

const KEY = 'a-key-of-thirty-two-characters-00';
const ORIGIN = 'https://app.example.com';

/** One answer of every kind that is made in a place of its own. */
async function everyAnswer(given: StartOptions): Promise<Record<string, RawAnswer>> {
  const { options, ...more } = given;
  const { url } = await startServer({ ...more, options: { ...options, allowedOrigins: [ORIGIN] } });
  const session = await openSession(url);
  const unknown = { 'mcp-session-id': 'A'.repeat(32) };
  const preflight = { origin: ORIGIN, 'access-control-request-method': 'POST' };
  return {
    '200 of a session that begins': await send(url, { body: initializeRequest() }),
    '200, whose head is made by Node': await session.post(ping(1)),
    '200, whose head is given': await session.post(ping(2)),
    '200 of a request that stands alone': await send(url, request('tools/list')),
    '404 of a request that stands alone': await send(url, request('no/such')),
    '202': await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    '400': await send(url, { body: 'no json' }),
    '403': await send(url, { body: ping(), headers: { host: 'evil.example' } }),
    '404 of GET': await send(url, { method: 'GET', headers: unknown }),
    '404 of POST': await send(url, { body: ping(), headers: unknown }),
    '405': await send(url, { method: 'PUT' }),
    '405 of HEAD': await send(url, { method: 'HEAD' }),
    '406': await send(url, { body: ping(), headers: { accept: 'text/html' } }),
    '413': await session.post(`[${' '.repeat(5_000)}]`),
    'a preflight': await send(url, { method: 'OPTIONS', headers: preflight }),
    '204': await session.delete(),
  };
}

describe('no cache keeps an answer', () => {
  const options = { maxBodyBytes: 4_096 };

  test.each<[string, StartOptions]>([
    ['by serve', { options }],
    ['by an http server of the application, on Express 4', { options, by: 'node', express: 4 }],
    [
      'behind middleware that lets caches keep everything',
      {
        options,
        before: [
          (_request, response, next) => {
            response.set('Cache-Control', 'public, max-age=60');
            next();
          },
        ],
      },
    ],
    [
      'behind middleware that replaces writeHead',
      {
        options,
        before: [
          (_request, response, next) => {
            response.writeHead = response.writeHead.bind(response) as typeof response.writeHead;
            next();
          },
        ],
      },
    ],
    ['without the headers of helmet', { options: { ...options, helmet: false } }],
  ])('%s (R24)', async (_how, given) => {
    const answers = Object.entries(await everyAnswer(given));
    const said = answers.map(([what, { status, headers }]) => [what, status, headers['cache-control']]);
    expect(said).toEqual(answers.map(([what, { status }]) => [what, status, 'no-store']));
    expect(answers.filter(([what, { status }]) => /^\d/.test(what) && !what.startsWith(String(status)))).toEqual([]);
  });

  test('neither a refusal of authentication, of a budget, nor one before Express; public metadata is kept', async () => {
    const auth = bearerAuth({
      verify: apiKeys({ keys: [{ hash: hashApiKey(KEY), subject: 'alice' }] }),
      resource: 'https://mcp.example.com/mcp',
      authorizationServers: ['https://login.example.com'],
    });
    const { url, port } = await startServer({ options: { auth, rateLimits: { initialize: 1 } } });
    const authorization = `Bearer ${KEY}`;
    const initialize = () => send(url, { body: initializeRequest(), headers: { authorization } });
    const metadata = `${new URL(url).origin}/.well-known/oauth-protected-resource/mcp`;
    await initialize();
    const answers = [
      await send(url, { body: ping() }),
      await initialize(),
      await send(metadata, { method: 'PUT' }),
      await send(metadata, { method: 'GET' }),
    ];
    expect(answers.map(({ status, headers }) => [status, headers['cache-control']])).toEqual([
      [401, 'no-store'],
      [429, 'no-store'],
      [405, 'no-store'],
      [200, 'public, max-age=3600'],
    ]);
    const hostless = await exchange(port, 'GET http:///mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
    expect(hostless).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*\r\nCache-Control: no-store\r\n/);
  });

  test('a stream says so in its own words, and an error may say something else', async () => {
    const { url } = await startServer();
    expect((await (await openSession(url)).listen()).headers['cache-control']).toBe('no-cache, no-transform');
    const headers = { 'cache-control': 'private, max-age=1', 'x-frame-options': 'SAMEORIGIN' };
    const refusing = await startServer({
      options: {
        principal: () => {
          throw new McpError('unauthorized', 'no', { headers });
        },
      },
    });
    const { headers: sent, rawHeaders } = await send(refusing.url, { body: ping() });
    expect(sent).toMatchObject(headers);
    const names = rawHeaders.filter((_part, at) => at % 2 === 0).map((name) => name.toLowerCase());
    expect(names).toEqual([...new Set(names)]);
  });
});
