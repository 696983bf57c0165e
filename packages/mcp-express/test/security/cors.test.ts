import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest } from '../support/session.js';
import { startServer } from '../support/start-server.js';

const APP = 'https://app.example.com';
const FOREIGN = 'https://evil.example';

const HEADERS = [
  'content-type',
  'authorization',
  'mcp-session-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'last-event-id',
];

const named = { options: { allowedOrigins: [APP] } };

const listOf = (header: unknown): string[] =>
  String(header)
    .split(',')
    .map((name) => name.trim().toLowerCase());

describe('CORS for the origins that were named (R27)', () => {
  test('a preflight is answered before authentication, with every method and header of both eras', async () => {
    const { url } = await startServer({
      ...named,
      options: {
        ...named.options,
        auth: {
          authenticate: () => Promise.reject(new Error('nobody asks')),
          insufficientScope: () => new Error() as never,
          metadata: undefined,
        },
      },
    });
    const asked = [...HEADERS, 'Mcp-Param-Region'].join(', ');
    const headers = { origin: APP, 'access-control-request-method': 'POST', 'access-control-request-headers': asked };
    const answer = await send(url, { method: 'OPTIONS', headers });
    expect([answer.status, answer.headers['access-control-allow-origin'], answer.text]).toEqual([204, APP, '']);
    expect(listOf(answer.headers['access-control-allow-methods'])).toEqual(
      expect.arrayContaining(['post', 'get', 'delete']),
    );
    expect(listOf(answer.headers['access-control-allow-headers'])).toEqual(
      expect.arrayContaining([...HEADERS, 'mcp-param-region']),
    );
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
    expect(listOf(answer.headers['vary'])).toContain('origin');
  });

  test('an answer shows the page what it needs', async () => {
    const { url } = await startServer(named);
    const answer = await send(url, { headers: { origin: APP }, body: initializeRequest() });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, APP]);
    expect(listOf(answer.headers['access-control-expose-headers'])).toEqual(
      expect.arrayContaining(['mcp-session-id', 'mcp-protocol-version', 'www-authenticate', 'retry-after']),
    );
  });

  test.each([
    [404, { 'mcp-session-id': 'unknown' }, { jsonrpc: '2.0', id: 1, method: 'ping' }],
    [400, {}, 'no json'],
    [413, {}, 'x'.repeat(2_000)],
    [415, { 'content-type': 'text/plain' }, 'x'],
  ])('a refusal with %i can be read too', async (status, headers, body) => {
    const { url } = await startServer({ options: { allowedOrigins: [APP], maxBodyBytes: 1_000 } });
    const answer = await send(url, { headers: { origin: APP, ...headers }, body });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([status, APP]);
  });

  test('nobody else is allowed anything, on any status (CVE-2026-34237)', async () => {
    const { url } = await startServer(named);
    for (const request of [
      { method: 'OPTIONS', headers: { origin: FOREIGN, 'access-control-request-method': 'POST' } },
      { headers: { origin: FOREIGN }, body: initializeRequest() },
      { headers: { origin: 'null' }, body: initializeRequest() },
    ]) {
      const answer = await send(url, request);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(listOf(answer.headers['vary'])).toContain('origin');
    }
  });
});

/** What a browser asks before it sends a request of MCP, and the request itself. */
async function asPageOf(origin: string, url: string) {
  const preflight = await send(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type, mcp-protocol-version, authorization',
    },
  });
  const answer = await send(url, { headers: { origin }, body: initializeRequest() });
  const allowed = [preflight, answer].map(({ headers }) => headers['access-control-allow-origin']);
  return { statuses: [preflight.status, answer.status], allowed, preflight, answer };
}

const LOCAL = [
  'http://localhost:6274',
  'http://127.0.0.1:6274',
  'http://[::1]:6274',
  'https://localhost',
  'http://LOCALHOST:1',
  'http://localhost.:6274',
];

const REFUSED = [
  'http://localhost.evil.example',
  'http://evil-localhost',
  'http://localhost@evil.example',
  'http://127.0.0.1.nip.io',
  'http://127.0.0.2:6274',
  'http://app.localhost:6274',
  'http://0.0.0.0:6274',
  'http://[::2]',
  'chrome-extension://localhost',
  'null',
  FOREIGN,
];

describe('CORS for pages of this machine (R8, R27)', () => {
  test.each(LOCAL)('%s is accepted on a default start, and may read what it is answered', async (origin) => {
    const { url } = await startServer();
    const { statuses, allowed, preflight, answer } = await asPageOf(origin, url);
    expect([statuses, allowed]).toEqual([
      [204, 200],
      [origin, origin],
    ]);
    expect(listOf(preflight.headers['access-control-allow-headers'])).toEqual(expect.arrayContaining(HEADERS));
    expect(listOf(answer.headers['access-control-expose-headers'])).toContain('mcp-session-id');
    expect(listOf(answer.headers['vary'])).toContain('origin');
    const refused = await send(url, { headers: { origin }, body: 'no json' });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([400, origin]);
  });

  test.each(REFUSED)('%s was refused before and still is', async (origin) => {
    const { url } = await startServer();
    const { statuses, allowed } = await asPageOf(origin, url);
    expect([statuses, allowed]).toEqual([
      [403, 403],
      [undefined, undefined],
    ]);
  });

  test('no page of this machine reads a server that is called by other names only', async () => {
    for (const allowedHosts of [['mcp.example.com'], ['*'], ['*.example.com']]) {
      const { url } = await startServer({ options: { allowedHosts } });
      for (const origin of LOCAL) {
        const { statuses, allowed } = await asPageOf(origin, url);
        expect([origin, statuses, allowed]).toEqual([origin, [403, 403], [undefined, undefined]]);
      }
    }
  });

  test('a page of a host that is allowed and is not this machine is accepted as before, and reads no more than before', async () => {
    const { url } = await startServer({ options: { allowedHosts: ['mcp.example.com', '127.0.0.1'] } });
    const answer = await send(url, { headers: { origin: 'https://mcp.example.com' }, body: initializeRequest() });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
    expect((await asPageOf('http://127.0.0.1:6274', url)).statuses).toEqual([204, 200]);
    expect((await asPageOf('http://localhost:6274', url)).statuses).toEqual([403, 403]);
  });
});
