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

  test('a server that names nobody allows nobody', async () => {
    const { url, port } = await startServer();
    const answer = await send(url, { headers: { origin: `http://localhost:${port}` }, body: initializeRequest() });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined]);
  });
});
