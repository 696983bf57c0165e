import { expect, test } from '@jest/globals';
import { requestAlone } from '../../spec/modern/client.js';
import { begin, headOf, type RawAnswer, send } from '../../support/raw-client.js';
import { type Headers, initializeRequest, openSession, toolCall } from '../../support/session.js';
import { type StartOptions, startServer, type TestServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { addCounter } from './counter.js';
import { dial, exchange, statusIn, wireRequest } from './raw-socket.js';
import { advisory } from './rows.js';
import { ALICE, keyAuthentication } from './two-principals.js';

/** What a page that is not ours can bring about. */
const FOREIGN: readonly Headers[] = [
  { host: 'evil.example' },
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { 'sec-fetch-site': 'cross-site' },
];

interface Target extends TestServer {
  readonly count: { calls: number };
}

async function serving(given: StartOptions = {}): Promise<Target> {
  const mcp = testServer();
  const count = addCounter(mcp);
  return { ...(await startServer({ ...given, mcp })), count };
}

/** A call of each era, and all that a session answers. */
async function knocks(url: string, usual: Headers): Promise<((headers: Headers) => Promise<RawAnswer>)[]> {
  const session = await openSession(url, undefined, usual);
  const alone = requestAlone('tools/call', { name: 'count', arguments: {} });
  return [
    (headers) => session.post(toolCall('count', {}), headers),
    (headers) => send(url, { body: alone.body, headers: { ...alone.headers, ...usual, ...headers } }),
    (headers) => send(url, { body: initializeRequest(), headers: { ...usual, ...headers } }),
    (headers) => session.get(headers),
    (headers) => session.delete(headers),
  ];
}

/** The test of R8: refused before the body is read, in both eras, and nothing runs; what is of this machine is served. */
async function expectGuarded({ url, port, count }: Target, usual: Headers = {}): Promise<void> {
  const [inSession, alone, ...others] = await knocks(url, usual);
  if (inSession === undefined || alone === undefined) throw new Error('nothing to knock at');
  for (const headers of FOREIGN) {
    for (const knock of [inSession, alone, ...others]) {
      const { status, headers: answered, json } = await knock(headers);
      expect([headers, status, answered['content-type']]).toEqual([headers, 403, 'application/json']);
      expect(json.error.message).toMatch(/allowedHosts|allowedOrigins/);
      expect(answered['mcp-session-id']).toBeUndefined();
    }
    const unread = { ...usual, ...headers, 'content-type': 'application/json', 'content-length': '1000' };
    expect((await headOf(begin(url, { headers: unread }))).statusCode).toBe(403);
  }
  const plain = { 'content-type': 'text/plain' };
  expect([(await inSession(plain)).status, (await alone(plain)).status]).toEqual([415, 415]);
  expect(count.calls).toBe(0);
  for (const host of [`localhost:${port}`, '127.0.0.1', `[::1]:${port}`]) {
    expect([host, (await inSession({ host })).status, (await alone({ host })).status]).toEqual([host, 200, 200]);
  }
  expect(count.calls).toBe(6);
}

advisory('CVE-2025-66414', () => {
  test('a default start refuses foreign pages (R8)', async () => {
    await expectGuarded(await serving());
  });
});

advisory('CVE-2025-66416', () => {
  test('so does one on an HTTP server of the application (R8)', async () => {
    await expectGuarded(await serving({ by: 'node' }));
  });
});

advisory('CVE-2026-34742', () => {
  test('so does one on Express 4 (R8)', async () => {
    await expectGuarded(await serving({ express: 4 }));
  });
});

advisory('CVE-2026-35568', () => {
  test('so does one below a prefix, whatever is mounted before it (R8)', async () => {
    await expectGuarded(await serving({ mount: '/deep/down', before: [(_request, _response, next) => next()] }));
  });
});

advisory('CVE-2026-42559', () => {
  test('so does one with authentication: a good token is no excuse (R8)', async () => {
    await expectGuarded(await serving({ options: { auth: keyAuthentication() } }), ALICE);
  });
});

/** A call that would be counted, with these `Host` lines and as this target. */
async function statusOf({ port }: Target, hosts: readonly string[], target = '/mcp'): Promise<number> {
  const { body, headers } = requestAlone('tools/call', { name: 'count', arguments: {} });
  const usual = Object.entries({ ...headers, 'content-type': 'application/json' }) as [string, string][];
  const lines = [...hosts.map((host): [string, string] => ['Host', host]), ...usual];
  const sent = wireRequest('POST', lines, JSON.stringify(body)).toString();
  return statusIn(await exchange(port, sent.replace('/mcp', target)));
}

advisory('CVE-2026-63118', () => {
  test('so does one whose foreign Host is spelled otherwise (R8)', async () => {
    const target = await serving();
    const wrong = [
      'localhost.evil.example',
      'evil.example#localhost',
      'localhost@evil.example',
      '0.0.0.0',
      '',
      '127.1',
    ];
    for (const host of wrong) {
      const status = await statusOf(target, [host]);
      expect([host, [400, 403].includes(status)]).toEqual([host, true]);
    }
    expect([400, 403]).toContain(await statusOf(target, []));
    expect([400, 403]).toContain(await statusOf(target, ['evil.example', 'localhost']));
    expect(target.count.calls).toBe(0);
    expect(await statusOf(target, ['LOCALHOST'])).toBe(200);
  });

  test('so does one that is called by two names, of which a proxy may believe the other (R8; RFC 9112, section 3.2)', async () => {
    const target = await serving();
    expect([400, 403]).toContain(await statusOf(target, ['localhost', 'evil.example']));
    expect(target.count.calls).toBe(0);
  });

  test('so does one that is called with the whole URL (R8)', async () => {
    const target = await serving();
    expect(await statusOf(target, ['evil.example'], 'http://localhost/mcp')).toBe(403);
    expect(target.count.calls).toBe(0);
  });
});

advisory('CVE-2026-11624', () => {
  test('Origin is looked at though every Host is allowed (R8)', async () => {
    const { url, count } = await serving({ options: { allowedHosts: ['*'] } });
    const all = await knocks(url, { host: 'mcp.example' });
    for (const origin of [
      'https://evil.example',
      'null',
      'http://mcp.example.evil.example',
      'file://',
      'https://mcp',
    ]) {
      for (const knock of all) expect([origin, (await knock({ origin })).status]).toEqual([origin, 403]);
    }
    expect(count.calls).toBe(0);
  });
});

/** Whether something listens there. */
function answers(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial(port, host);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
}

advisory('(RCE chain) OSS-Fuzz', () => {
  test('a default start is reached by loopback alone (R8)', async () => {
    const { networkInterfaces } = await import('node:os');
    const { port } = await serving();
    const outer = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    const addresses = outer
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    // On Linux a second address of loopback is reached by whoever binds all interfaces, and only by them.
    for (const address of [...addresses, '127.0.0.2'])
      expect([address, await answers(port, address)]).toEqual([address, false]);
    expect(await answers(port, '127.0.0.1')).toBe(true);
  });

  test('and a page that finds it runs nothing', async () => {
    await expectGuarded(await serving());
  });
});
