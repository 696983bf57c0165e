import { execFile } from 'node:child_process';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { headOf, readAll } from '../support/raw-client.js';
import { EXPRESS, EXPRESS_MAJORS, refusingPrincipal, type StartOptions, startServer } from '../support/start-server.js';
import { together } from '../support/together.js';
import { eventually, within } from '../support/wait.js';

/** Requests that are refused by their headers, with the expected responses. */
const REFUSALS: readonly (readonly [number, Record<string, string>, StartOptions?])[] = [
  [400, { 'mcp-protocol-version': '1999-01-01', 'mcp-session-id': 'x' }],
  [401, {}, { options: { principal: refusingPrincipal } }],
  [403, { origin: 'https://elsewhere.example' }],
  [406, { accept: 'image/png' }],
  [415, { 'content-type': 'text/plain' }],
  [415, { 'content-encoding': 'gzip' }],
];

const KB = 1024;
const MB = 1024 * 1024;

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body: string | Buffer;
  /** Size of the chunks in which the body is sent, one for each turn of the event loop. */
  readonly piece?: number;
}

interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The local port of the connection on the client's side. */
  readonly from: number | undefined;
}

/** A client whose agent keeps one connection. Rejects on any error of a request, also after its response. */
function keptClient(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onCleanup(() => agent.destroy());
  return ({ method = 'POST', headers = {}, body, piece = body.length }: Sent): Promise<Seen> => {
    const outgoing = httpRequest(url, { method, agent, headers: { 'content-type': 'application/json', ...headers } });
    const sent = new Promise<void>((resolve) => outgoing.once('finish', resolve));
    const seen = new Promise<Seen>((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', async (response) => {
        const from = response.socket.localPort;
        const { status, headers: answered, text } = await readAll(response);
        await sent;
        resolve({ status, headers: answered, text, from });
      });
    });
    const next = (at: number): void => {
      if (at + piece >= body.length) return void outgoing.end(body.slice(at));
      outgoing.write(body.slice(at, at + piece), () => setImmediate(next, at + piece));
    };
    next(0);
    return within('an answer', seen);
  };
}

const PING = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

const SIZES = [
  ['1 KB', KB],
  ['1 MB', MB],
  ['5 MB', 5 * MB],
  ['50 MB', 50 * MB],
] as const;

const bodies = new Map<number, Buffer>();

function bodyOf(bytes: number): Buffer {
  const known = bodies.get(bytes) ?? Buffer.alloc(bytes, 'x');
  bodies.set(bytes, known);
  return known;
}

describe.each(['serve', 'node'] as const)('a request that is refused before its body was read, by %s', (by) => {
  test.each(SIZES)('with a body of %s leaves the connection usable, for every refusal (R22)', async (_size, bytes) => {
    for (const [status, headers, given = {}] of REFUSALS) {
      const { url } = await startServer({ by, ...given });
      const send = keptClient(url);
      const [first, second] = [
        await send({ headers: { ...headers, 'content-length': String(bytes) }, body: bodyOf(bytes) }),
        await send({ body: PING }),
      ];
      // A request with an unsupported revision is refused after its body.
      expect([first.status, first.headers.connection]).toEqual([
        bytes > 4 * MB && status === 400 ? 413 : status,
        'keep-alive',
      ]);
      expect([second.status, second.from]).toEqual([status === 401 ? 401 : 200, first.from]);
    }
  });

  test.each([
    ['declared', {}],
    ['chunked', { 'transfer-encoding': 'chunked' }],
  ])('for its size, %s, thirty times on one connection, is answered each time (R22)', async (how, headers) => {
    const { url } = await startServer({ by, options: { maxBodyBytes: MB } });
    const send = keptClient(url);
    const froms = new Set<unknown>();
    for (let round = 0; round < 30; round += 1) {
      const body = bodyOf(2 * MB);
      const length = how === 'declared' ? { 'content-length': String(body.length) } : {};
      const refused = await send({ headers: { ...headers, ...length }, body, piece: 256 * KB });
      const served = await send({ body: PING });
      expect([refused.status, served.status]).toEqual([413, 200]);
      expect(refused.text).toContain('"reason":"body-too-large"');
      froms.add(refused.from).add(served.from);
    }
    expect(froms.size).toBe(1);
  });

  test.each(EXPRESS_MAJORS)(
    'is so behind a body parser that does not take its media type, on Express %d (R48)',
    async (express) => {
      const { url } = await startServer({ by, express, before: [EXPRESS[express].json({ limit: '8mb' })] });
      const send = keptClient(url);
      const refused = await send({ headers: { 'content-type': 'text/plain' }, body: bodyOf(5 * MB) });
      const served = await send({ body: PING });
      expect([refused.status, served.status, served.from]).toEqual([415, 200, refused.from]);
    },
  );

  test.each(['DELETE', 'PUT', 'OPTIONS'])('%s with a body leaves the connection usable', async (method) => {
    const origin = 'https://app.example.com';
    const { url } = await startServer({ by, options: { allowedOrigins: [origin] } });
    const send = keptClient(url);
    const preflight = { origin, 'access-control-request-method': 'POST' };
    // Node frames a body of these methods only if its length is given.
    const headers = { 'content-length': String(MB), ...(method === 'OPTIONS' ? preflight : {}) };
    const refused = await send({ method, headers, body: bodyOf(MB) });
    const served = await send({ body: PING });
    expect([refused.status, served.status, served.from]).toEqual([
      { DELETE: 400, PUT: 405, OPTIONS: 204 }[method],
      200,
      refused.from,
    ]);
  });

  test('of a client that asked to close the connection is not reset before the answer came', async () => {
    const { port } = await startServer({ by });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    onCleanup(() => socket.destroy());
    const errors: Error[] = [];
    let text = '';
    socket
      .on('error', (error) => errors.push(error))
      .on('data', (chunk) => {
        text += String(chunk);
      });
    const ended = new Promise<void>((resolve) => socket.once('end', resolve));
    const size = 3 * MB;
    socket.write(`${headText({ 'content-type': 'text/plain', 'content-length': String(size), connection: 'close' })}x`);
    await eventually('the answer', () => text.includes('"reason"'));
    socket.end('x'.repeat(size - 1));
    await within('the end', ended);
    expect(text).toMatch(/^HTTP\/1\.1 415 [\s\S]*\r\nConnection: close\r\n/);
    expect(errors).toEqual([]);
  });

  test('is answered in its turn among pipelined requests, and the one behind it is served', async () => {
    const { port } = await startServer({ by });
    const socket = connect({ port, host: '127.0.0.1' });
    onCleanup(() => socket.destroy());
    let text = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        text += String(chunk);
      });
    const ping = headText({ 'content-length': String(PING.length) }) + PING;
    const big = headText({ 'content-type': 'text/plain', 'content-length': String(MB) }) + 'x'.repeat(MB);
    socket.write(ping + big + ping);
    await eventually('three answers', () => text.match(/HTTP\/1\.1 /g)?.length === 3);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 415', 'HTTP/1.1 200']);
  });

  const all = together();

  all.test('and whose client stalls is let go, with its connection (R23)', async () => {
    const { port, sockets } = await startServer({ by });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    onCleanup(() => socket.destroy());
    let text = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        text += String(chunk);
      });
    socket.write(`${headText({ 'content-type': 'text/plain', 'content-length': '9000' })}x`);
    await eventually('the answer', () => text.includes('"reason"'));
    expect(text).toMatch(/^HTTP\/1\.1 415 /);
    expect(text).not.toMatch(/connection: close/i);
    await eventually('the server closes the connection', () => sockets.size === 0);
  });

  all.test('and whose client stalls does not hold up a server that closes', async () => {
    const { port, sockets, close } = await startServer({ by });
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    onCleanup(() => socket.destroy());
    let text = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        text += String(chunk);
      });
    socket.write(`${headText({ 'content-type': 'text/plain', 'content-length': '9000' })}x`);
    await eventually('the answer', () => text.includes('"reason"'));
    await within('the server is closed', close({ graceMs: 1_000 }), 4_500);
    await eventually('its connections are gone', () => sockets.size === 0);
  });
});

describe('a body past the bounds', () => {
  test.each([
    ['chunked', 80 * MB, { 'transfer-encoding': 'chunked' }],
    ['declared', 80 * MB, { 'content-length': String(80 * MB) }],
  ])('%s: the 413 arrives, and the next request is served on another connection (R22)', async (_how, size, headers) => {
    const { url } = await startServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onCleanup(() => agent.destroy());
    const outgoing = httpRequest(url, {
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', ...headers },
    });
    // The rest of the body cannot be sent.
    outgoing.on('error', () => {});
    const answering = headOf(outgoing);
    outgoing.end(bodyOf(size));
    expect((await readAll(await answering)).status).toBe(413);
    expect((await keptClient(url)({ body: PING })).status).toBe(200);
    const next = httpRequest(url, { method: 'POST', agent, headers: { 'content-type': 'application/json' } });
    const answer = headOf(next);
    next.end(PING);
    expect((await readAll(await answer)).status).toBe(200);
  });
});

describe('fetch', () => {
  test.each(SIZES)('reads each refusal of %s, and is served on its next request', async (_size, bytes) => {
    const { url } = await startServer();
    for (const [type, status] of [
      ['text/plain', 415],
      ['application/json', bytes > 4 * MB ? 413 : 400],
    ] as const) {
      for (let round = 0; round < 3; round += 1) {
        const refused = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: bodyOf(bytes) });
        expect([refused.status, await refused.json()]).toMatchObject([status, { error: {} }]);
        const served = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: PING,
        });
        expect([served.status, await served.json()]).toMatchObject([200, { result: {} }]);
      }
    }
  });
});

describe('curl', () => {
  test.each([
    ['waits for "100 Continue"', ['-H', 'Expect: 100-continue', '--expect100-timeout', '20']],
    ['sends at once', ['-H', 'Expect:']],
    ['sends chunked', ['-H', 'Expect:', '-H', 'Transfer-Encoding: chunked']],
  ])('that %s reads a 413 and is served on its next request (R22)', async (_how, args) => {
    const { url } = await startServer();
    const call = ['-H', 'Content-Type: application/json', '-s', '-o', '/dev/null', '-w', '%{http_code}\n'];
    const sent = promisify(execFile)('curl', [
      ...call,
      ...args,
      '--data-binary',
      '@-',
      url,
      '--next',
      ...call,
      '-d',
      PING,
      url,
    ]);
    sent.child.stdin?.on('error', () => {});
    sent.child.stdin?.end(bodyOf(5 * MB));
    const { stdout } = await sent;
    expect(stdout.trim().split('\n')).toEqual(['413', '200']);
  });
});

describe('Expect: 100-continue (RFC 9110, section 10.1.1)', () => {
  /** The response to the headers alone. */
  async function afterHead(headers: Record<string, string>, given: StartOptions = {}) {
    const { port, sockets } = await startServer(given);
    const socket = connect({ port, host: '127.0.0.1' });
    onCleanup(() => socket.destroy());
    let text = '';
    socket
      .on('error', () => {})
      .on('data', (chunk) => {
        text += String(chunk);
      });
    socket.write(headText({ expect: '100-continue', 'content-length': String(PING.length), ...headers }));
    await eventually('something', () => text.includes('\r\n\r\n'));
    return { socket, sockets, text: () => text };
  }

  test('a body that is wanted is asked for, and served', async () => {
    const { socket, text } = await afterHead({});
    expect(text()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(PING);
    await eventually('the answer', () => text().includes('HTTP/1.1 200 OK'));
  });

  test.each(EXPRESS_MAJORS)('a body parser asks for it, too, on Express %d', async (express) => {
    const { socket, text } = await afterHead({}, { express, before: [EXPRESS[express].json()] });
    expect(text()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(PING);
    await eventually('the answer', () => text().includes('HTTP/1.1 200 OK'));
  });

  test.each([
    ['415', { 'content-type': 'text/plain' }],
    ['413', { 'content-length': String(5 * MB) }],
  ])('a body that is refused with %s is not asked for, and the connection is closed', async (status, headers) => {
    const { text, sockets } = await afterHead(headers);
    expect(text()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await eventually('the server closes the connection', () => sockets.size === 0);
    expect(text()).not.toContain('100 Continue');
  });
});

function headText(headers: Record<string, string>): string {
  const lines = Object.entries({ host: 'localhost', 'content-type': 'application/json', ...headers });
  return `POST /mcp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
