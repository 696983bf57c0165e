import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { begin, headOf, type RawAnswer, send } from '../support/raw-client.js';
import { type Headers, initializeRequest, openSession, ping, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addEcho } from '../support/test-tools.js';

const REFUSED: readonly (readonly [string, Headers, string])[] = [
  ['another Host', { host: 'evil.example' }, 'allowedHosts'],
  ['another Host with our port', { host: 'evil.example:3000' }, 'allowedHosts'],
  ['a Host that begins like ours', { host: 'localhost.evil.example' }, 'allowedHosts'],
  ['a Host that ends like ours', { host: 'evil-localhost' }, 'allowedHosts'],
  ['a Host with a user', { host: 'localhost@evil.example' }, 'allowedHosts'],
  ['another address', { host: '127.0.0.1.nip.io' }, 'allowedHosts'],
  ['the address of all interfaces', { host: '0.0.0.0' }, 'allowedHosts'],
  ['another Origin', { origin: 'https://evil.example' }, 'allowedOrigins'],
  ['the Origin null', { origin: 'null' }, 'allowedOrigins'],
  ['an empty Origin', { origin: '' }, 'allowedOrigins'],
  ['an Origin that begins like ours', { origin: 'http://localhost.evil.example' }, 'allowedOrigins'],
  ['an Origin with a user', { origin: 'http://localhost@evil.example' }, 'allowedOrigins'],
  ['an Origin of an extension', { origin: 'chrome-extension://localhost' }, 'allowedOrigins'],
  ['two Origins', { origin: 'http://localhost, https://evil.example' }, 'allowedOrigins'],
  ['a cross-site request without Origin', { 'sec-fetch-site': 'cross-site' }, 'allowedOrigins'],
];

describe('Host, Origin and Sec-Fetch-Site on a default start (R8)', () => {
  test.each(REFUSED)(
    '%s is 403 on POST, GET and DELETE, and no tool runs (R8, DESIGN 6)',
    async (_what, headers, option) => {
      const mcp = new McpServer({ name: 's', version: '1' });
      const count = addEcho(mcp);
      const { url, router } = await startServer({ mcp });
      const session = await openSession(url);
      const answers: RawAnswer[] = [
        await session.post(toolCall('echo', { text: 'x' }), headers),
        await send(url, { body: initializeRequest(), headers }),
        await session.get(headers),
        await session.delete(headers),
        await send(url, { method: 'PUT', headers }),
      ];
      for (const answer of answers) {
        expect([answer.status, answer.headers['content-type']]).toEqual([403, 'application/json']);
        expect(answer.json.error.data.option).toBe(option);
        expect(answer.json.error.message).toContain(option);
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
      expect(count.calls).toBe(0);
      expect((await router.stats()).sessions).toBe(1);
      expect((await session.post(ping())).status).toBe(200);
    },
  );

  test.each([
    ['localhost and the port', (port: number) => ({ host: `localhost:${port}` })],
    ['localhost', () => ({ host: 'localhost' })],
    ['LOCALHOST', () => ({ host: 'LocalHost:1' })],
    ['127.0.0.1', () => ({ host: '127.0.0.1' })],
    ['[::1] and a port', (port: number) => ({ host: `[::1]:${port}` })],
    ['[::1]', () => ({ host: '[::1]' })],
    ['an Origin of this machine', (port: number) => ({ origin: `http://localhost:${port}` })],
    ['a same-origin request', () => ({ 'sec-fetch-site': 'same-origin' })],
    ['a request of the user', () => ({ 'sec-fetch-site': 'none' })],
  ])('%s is served (R8)', async (_what, headersOf) => {
    const { url, port } = await startServer();
    const answer = await send(url, { body: initializeRequest(), headers: headersOf(port) });
    expect(answer.status).toBe(200);
  });

  test('the check runs before the body is read (R8)', async () => {
    const { url } = await startServer();
    const request = begin(url, {
      headers: { host: 'evil.example', 'content-type': 'application/json', 'content-length': '1000' },
    });
    expect((await headOf(request)).statusCode).toBe(403);
  });

  test('an HTTP/1.0 request without Host is refused (R8)', async () => {
    const { port } = await startServer();
    const { connect } = await import('node:net');
    const socket = connect(port, '127.0.0.1');
    socket.end('GET /mcp HTTP/1.0\r\n\r\n');
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('an upgrade is refused and never accepted (CVE-2026-59950)', async () => {
    const { url } = await startServer();
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
    const foreign = await send(url, { method: 'GET', headers: { ...upgrade, origin: 'https://evil.example' } });
    const own = await send(url, { method: 'GET', headers: upgrade });
    expect([foreign.status, own.status]).toEqual([403, 400]);
  });
});

describe('hosts and origins that are named (R37)', () => {
  const options = {
    allowedHosts: ['mcp.example.com', '*.apps.example.com', 'absolute.example.', '[0:0:0:0::7]'],
    allowedOrigins: ['https://app.example.com'],
  };

  test.each([
    'mcp.example.com',
    'mcp.example.com:443',
    'mcp.example.com:8443',
    'MCP.Example.COM',
    'a.apps.example.com',
    'a.b.apps.example.com:80',
    // A name with a trailing dot is the same name in absolute form (RFC 1034, section 3.1).
    'mcp.example.com.',
    'MCP.example.com.:8443',
    'a.apps.example.com.',
    'absolute.example',
    'absolute.example.',
    '[::7]',
    '[0:0::0007]:3000',
  ])('Host %s is served (R37)', async (host) => {
    const { url } = await startServer({ options });
    expect((await send(url, { body: initializeRequest(), headers: { host } })).status).toBe(200);
  });

  test.each([
    'mcp.example.com.evil.test',
    'evil-mcp.example.com',
    'example.com',
    'apps.example.com',
    'evilapps.example.com',
    'localhost',
    'mcp.example.com:443:443',
    'mcp.example.com/x',
    'x.mcp.example.com',
    'mcp.example.com..',
    '.mcp.example.com',
    'apps.example.com.',
    '[::8]',
  ])('Host %s is 403 with a body that names the option (R37)', async (host) => {
    const { url } = await startServer({ options });
    const answer = await send(url, { body: initializeRequest(), headers: { host } });
    expect(answer.status).toBe(403);
    expect(answer.json.error.message).toContain('allowedHosts');
  });

  test('a named Origin is served, also across sites, and others are not (R37)', async () => {
    const { url } = await startServer({ options });
    const at = async (origin: string): Promise<number> => {
      const headers = { host: 'mcp.example.com', origin, 'sec-fetch-site': 'cross-site' };
      return (await send(url, { body: initializeRequest(), headers })).status;
    };
    expect(await at('https://app.example.com')).toBe(200);
    expect(await at('https://mcp.example.com')).toBe(200);
    expect(await at('https://mcp.example.com.')).toBe(200);
    expect(await at('https://app.example.com.')).toBe(403);
    expect(await at('http://app.example.com')).toBe(403);
    expect(await at('https://app.example.com:444')).toBe(403);
    expect(await at('https://app.example.com.evil.test')).toBe(403);
  });

  test("'*' serves any Host and still no Origin that is not named (R37)", async () => {
    const { url } = await startServer({ options: { allowedHosts: ['*'] } });
    const any = await send(url, { body: initializeRequest(), headers: { host: 'whatever.example' } });
    const foreign = await send(url, {
      body: initializeRequest(),
      headers: { host: 'whatever.example', origin: 'https://evil.example' },
    });
    expect([any.status, foreign.status]).toEqual([200, 403]);
  });

  test('other routes of the application answer for any host (R37)', async () => {
    const { port } = await startServer({
      options,
      routes: (app) => void app.get('/healthz', (_request, response) => void response.send('ok')),
    });
    const answer = await send(`http://127.0.0.1:${port}/healthz`, { method: 'GET', headers: { host: 'any.example' } });
    expect([answer.status, answer.text]).toEqual([200, 'ok']);
  });
});
