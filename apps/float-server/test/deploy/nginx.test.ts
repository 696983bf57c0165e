/** `deploy/nginx/float-server.conf` as it is shipped, run by nginx in front of three nodes. */
import { createServer, get, type Server } from 'node:http';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStream, send } from '../../../../packages/mcp-express/test/support/raw-client.js';
import { openSession, type TestSession } from '../../../../packages/mcp-express/test/support/session.js';
import { eventually } from '../../../../packages/mcp-express/test/support/wait.js';
import { Cluster } from '../chaos/cluster/cluster.js';
import { Nginx } from '../chaos/cluster/nginx.js';
import { freePort } from '../chaos/cluster/port.js';
import { readJournal } from '../chaos/ledger/read-journal.js';
import { CHAOS_NODE } from '../chaos/paths.js';

const ENV = { GRACE_MS: '10000', SESSION_IDLE_MS: '60000' };

let cluster: Cluster;

beforeAll(async () => {
  cluster = await Cluster.start({ main: CHAOS_NODE, store: 'redis', nodes: 3, nginx: true, env: ENV });
}, 60_000);

afterAll(() => cluster.stop());

const livesOf = (call: string) =>
  readJournal(cluster.journal)
    .filter((entry) => entry.event === 'begun' && entry.call.startsWith(call))
    .map(({ life }) => life);

/** A call that sends an event at once and then runs until it is cancelled: the event must not be held back. */
async function started(session: TestSession, call: string, id: number) {
  const stream = await session.callStream('count', { call, steps: 2, everyMs: 60_000 }, id, { progressToken: call });
  await stream.untilMessages(1);
  return stream;
}

describe('three nodes behind the shipped nginx', () => {
  test('take turns: one session, each call wherever it comes (R1, invariant 4)', async () => {
    const session = await openSession(cluster.url);
    for (let turn = 0; turn < 6; turn += 1) {
      const answer = await session.call('echo', { call: `turn-${turn}` }, turn + 2);
      expect(answer.json.result.content[0].text).toBe(`done turn-${turn}`);
    }
    const counts = new Map<string, number>();
    for (const life of livesOf('turn-')) counts.set(life, (counts.get(life) ?? 0) + 1);
    expect([...counts.values()]).toEqual([2, 2, 2]);
  });

  test('events arrive as they are sent, on the stream of a call and on that of a session (R6)', async () => {
    const session = await openSession(cluster.url);
    const listening = await session.listen();
    await eventually('the first bytes', () => listening.text !== '');
    const stream = await started(session, 'at-once', 2);
    expect(stream.messages).toMatchObject([{ method: 'notifications/progress', params: { message: 'at-once' } }]);
    expect([stream.closed, listening.closed]).toEqual([undefined, undefined]);
    await session.cancel(2);
    expect(await stream.untilClosed()).toBe('end');
  });

  test('a stream whose client lost its connection is resumed through another node (R7)', async () => {
    const session = await openSession(cluster.url);
    const stream = await session.callStream('count', { call: 'resumed', steps: 5, everyMs: 50 }, 2, {
      progressToken: 'resumed',
    });
    await stream.untilMessages(1);
    const heard = stream.messages.length;
    stream.reset();
    // Round robin: the next requests reach the two other nodes.
    const resumed = await session.replay(String(stream.lastId));
    expect([...stream.messages.slice(0, heard), ...resumed.messages].map(({ params }) => params?.progress)).toEqual([
      1,
      2,
      3,
      4,
      5,
      undefined,
    ]);
  });

  test('a client that goes away without a session takes its call with it (R17)', async () => {
    const { ask, gone } = await modernCall('left');
    await eventually('it runs', () => livesOf('left').length === 1);
    ask.destroy();
    await eventually('its handler is told', gone);
  });

  test('refusals come from the server in JSON, also for a body that is too large', async () => {
    const answer = await send(cluster.url, { body: { filler: 'x'.repeat(4 * 1024 * 1024) } });
    expect([answer.status, answer.json.error.data.reason]).toEqual([413, 'body-too-large']);
    const elsewhere = await send(cluster.url, { headers: { host: 'evil.example.com' }, body: {} });
    expect(elsewhere.json.error.data.reason).toBe('host-not-allowed');
  });

  test.each([
    '/healthz',
    '/healthz/',
    '/healthz//',
    '/HEALTHZ',
    '/HealthZ/',
    '//healthz',
    '/healthz?x=1',
    '/healthz/?x=/mcp',
    '/%68ealthz',
    '/healthz%2f',
    '/healthz%2F%2f',
    '/%2fhealthz',
    '/mcp/../healthz',
    '/./healthz',
    '/mcp/%2e%2e/HEALTHZ/',
    'http://localhost/healthz',
    'http://localhost//HEALTHZ/',
  ])('statistics of the nodes are not public: %s', async (target) => {
    const { status, text } = await rawGet(cluster.url, target);
    expect([status, text]).toEqual([404, expect.not.stringContaining('sessions')]);
  });

  test('other paths come through', async () => {
    expect((await rawGet(cluster.url, '/readyz')).status).toBe(200);
    expect((await rawGet(cluster.url, '/healthzz')).text).not.toContain('nginx');
  });
});

/** A GET with an unmodified request target, which URL would normalize. */
function rawGet(url: string, target: string): Promise<{ status: number | undefined; text: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path: target, headers: { host: 'localhost' } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode, text }));
    }).once('error', reject);
  });
}

async function modernCall(call: string) {
  const META = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'nginx', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { name: 'wait', arguments: { call }, _meta: META };
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'wait' };
  const ask = await openStream(cluster.url, { headers, body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params } });
  const gone = () => readJournal(cluster.journal).some((entry) => entry.call === call && entry.event === 'aborted');
  return { ask, gone };
}

/** A fake node that handles every request as configured, and counts them. */
interface Stub {
  readonly port: number;
  readonly seen: string[];
  close(): void;
}

type Does = { status: number; headers?: Record<string, string> } | 'cut' | 'stops';

async function stub(does: Does): Promise<Stub> {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    request.resume().once('end', () => {
      seen.push(String(request.method));
      if (does === 'cut') {
        response.destroy();
        return;
      }
      // As a node does that is stopping: it takes no new connection, and refuses on those it has.
      if (does === 'stops') NetServer.prototype.close.call(server);
      const { status, headers } = does === 'stops' ? { status: 503, headers: {} } : does;
      response.writeHead(status, headers).end(`{"status":${status}}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, seen, close: () => server.close() && server.closeAllConnections() };
}

describe('retries', () => {
  const stubs: Stub[] = [];
  let nginx: Nginx | undefined;

  afterAll(async () => {
    await nginx?.stop();
    for (const each of stubs) each.close();
  });

  async function before(...nodes: (Stub | number)[]): Promise<string> {
    for (const node of nodes) if (typeof node !== 'number') stubs.push(node);
    await nginx?.stop();
    const ports = nodes.map((node) => (typeof node === 'number' ? node : node.port));
    nginx = await Nginx.start(`${cluster.folder}/stubs-${stubs.length}`, ports);
    return nginx.url;
  }

  const post = (url: string) => send(url, { body: {} });

  test('a POST that a node took and did not answer is never sent again: it may have been carried out (R36)', async () => {
    const nodes = await Promise.all([stub('cut'), stub('cut'), stub('cut')]);
    const url = await before(...nodes);
    expect((await post(url)).status).toBe(502);
    expect(nodes.flatMap(({ seen }) => seen)).toEqual(['POST']);
  });

  test('a POST that a node did not let in goes to the next (R38)', async () => {
    const good = await stub({ status: 200 });
    const url = await before(await freePort(), await freePort(), good);
    for (let turn = 0; turn < 6; turn += 1) expect((await post(url)).status).toBe(200);
    expect(good.seen).toHaveLength(6);
  });

  test('a POST that a stopping node refused goes to one that is not (R38)', async () => {
    const [stops, good] = [await stub('stops'), await stub({ status: 200 })];
    const url = await before(stops, good, good);
    for (let turn = 0; turn < 9; turn += 1) expect((await post(url)).status).toBe(200);
    expect([stops.seen.length > 0, good.seen.length]).toEqual([true, 9]);
  });

  test('where all refuse with 503, the words of the last come through, and no node is asked for ever', async () => {
    const refusing = () => stub({ status: 503, headers: { 'retry-after': '7' } });
    const nodes = await Promise.all([refusing(), refusing(), refusing()]);
    const refused = await post(await before(...nodes));
    expect([refused.status, refused.headers['retry-after'], refused.json]).toEqual([503, '7', { status: 503 }]);
    expect(nodes.flatMap(({ seen }) => seen)).toHaveLength(2);
  });
});
