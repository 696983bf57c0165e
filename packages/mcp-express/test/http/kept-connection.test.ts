import type { Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { dial } from '../security/advisories/raw-socket.js';
import { openSession, type TestSession, toolCall } from '../support/session.js';
import { type StartOptions, startServer, type TestServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { within } from '../support/wait.js';

interface Answer {
  /** The head as received, without the `Date` line. */
  readonly head: string;
  readonly date: string;
  readonly body: string;
  readonly bytes: number;
}

/** A client with a persistent connection that records the received bytes. */
class KeptConnection {
  #received = Buffer.alloc(0);
  #look: () => void = () => {};
  readonly closed: Promise<void>;

  constructor(
    private readonly socket: Socket,
    private readonly session: TestSession,
  ) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#look();
    });
  }

  async call(text: string, { version = '1.1', headers = '', tool = 'echo' } = {}): Promise<Answer> {
    const body = JSON.stringify(toolCall(tool, { text }));
    const { id, revision } = this.session;
    const own = `mcp-session-id: ${id}\r\nmcp-protocol-version: ${revision}\r\naccept: application/json, text/event-stream\r\n`;
    const type = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    this.socket.write(`POST /mcp HTTP/${version}\r\nhost: localhost\r\n${own}${type}${headers}\r\n${body}`);
    const answer = new Promise<Answer>((resolve) => {
      this.#look = () => {
        const whole = this.#take();
        if (whole !== undefined) resolve(whole);
      };
    });
    return within('an answer', answer);
  }

  #take(): Answer | undefined {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const head = this.#received.subarray(0, end).toString('latin1');
    // "100 Continue" precedes the response and is not counted as one.
    if (/^HTTP\/1\.1 100/.test(head)) {
      this.#received = this.#received.subarray(end + 4);
      return this.#take();
    }
    const bytes = Number(/^content-length: (\d+)$/im.exec(head)?.[1]);
    const rest = this.#received.subarray(end + 4);
    if (rest.length < bytes) return undefined;
    this.#received = rest.subarray(bytes);
    const date = /^date: (.+)$/im.exec(head)?.[1] ?? '';
    return { head: head.replace(/^date: .+\r\n/im, ''), date, bytes, body: rest.subarray(0, bytes).toString('utf8') };
  }
}

async function keep(given: StartOptions = {}): Promise<{ connection: KeptConnection; server: TestServer }> {
  const server = await startServer(given);
  const session = await openSession(server.url);
  return { server, connection: new KeptConnection(dial(server.port), session) };
}

describe.each(['serve', 'node'] as const)('answers on a connection that is kept, by %s', (by) => {
  test('have the same head from the first to the last', async () => {
    const { connection } = await keep({ by });
    const { head: first } = await connection.call('one');
    expect(first).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(first).toMatch(/^x-content-type-options: nosniff\r$/im);
    expect(first).toMatch(/^content-type: application\/json\r$/im);
    for (let count = 0; count < 5; count += 1) expect((await connection.call('two')).head).toBe(first);
  });

  test('have the length of their own body', async () => {
    const { connection } = await keep({ by });
    for (const text of ['a', 'much longer than that', 'žluťoučký kůň', '🐎🐎']) {
      const { body, bytes } = await connection.call(text);
      expect(JSON.parse(body).result.content[0].text).toBe(text);
      expect(Buffer.byteLength(body)).toBe(bytes);
    }
  });

  test('have their own date (RFC 9110, section 5.6.7)', async () => {
    const { connection } = await keep({ by });
    for (let count = 0; count < 3; count += 1) {
      const before = Math.floor(Date.now() / 1000) * 1000;
      const { date } = await connection.call('now');
      const said = Date.parse(date);
      expect(new Date(said).toUTCString()).toBe(date);
      expect(said).toBeGreaterThanOrEqual(before - 1000);
      expect(said).toBeLessThanOrEqual(Date.now());
    }
  });

  test('keep the headers that middleware has set', async () => {
    let count = 0;
    const counts: RequestHandler = (_request, response, next) => {
      count += 1;
      response.setHeader('X-Count', count);
      next();
    };
    const { connection } = await keep({ by, before: [counts] });
    const before = count;
    for (let call = 1; call <= 3; call += 1) {
      expect((await connection.call('x')).head).toMatch(new RegExp(`^X-Count: ${before + call}\r$`, 'm'));
    }
  });

  test('are seen by middleware that waits for their head', async () => {
    const statuses: number[] = [];
    const watches: RequestHandler = (_request, response, next) => {
      const writeHead = response.writeHead;
      response.writeHead = ((...args: Parameters<typeof writeHead>) => {
        statuses.push(args[0]);
        return writeHead.apply(response, args);
      }) as typeof writeHead;
      next();
    };
    const { connection } = await keep({ by, before: [watches] });
    statuses.length = 0;
    for (let call = 0; call < 3; call += 1) await connection.call('x');
    expect(statuses).toEqual([200, 200, 200]);
  });

  test('have a status that middleware can log', async () => {
    const logged: unknown[] = [];
    const logs: RequestHandler = (request, response, next) => {
      const { method } = request;
      response.once('finish', () => {
        if (method === 'POST') logged.push([response.statusCode, response.statusMessage, response.headersSent]);
      });
      next();
    };
    const { connection } = await keep({ by, before: [logs] });
    logged.length = 0;
    for (let call = 0; call < 3; call += 1) await connection.call('x');
    await connection.call('the one before has finished');
    expect(logged.slice(0, 3)).toEqual([
      [200, 'OK', true],
      [200, 'OK', true],
      [200, 'OK', true],
    ]);
  });
});

describe('a connection', () => {
  test('is closed for a client that asks for it, after answers on one that was kept', async () => {
    const { connection } = await keep();
    expect((await connection.call('x')).head).toMatch(/^connection: keep-alive\r$/im);
    const last = await connection.call('y', { headers: 'connection: close\r\n' });
    expect(last.head).toMatch(/^connection: close$/im);
    await within('the connection is closed', connection.closed);
  });

  test('is closed for a client of HTTP/1.0', async () => {
    const { connection } = await keep();
    await connection.call('x');
    expect((await connection.call('y', { version: '1.0' })).head).toMatch(/^connection: close$/im);
    await within('the connection is closed', connection.closed);
  });

  test('is kept for the current timeout of the server', async () => {
    const { connection, server } = await keep();
    expect((await connection.call('x')).head).toMatch(/^keep-alive: timeout=75$/im);
    server.server.keepAliveTimeout = 33_000;
    // Node keeps the previous timeout for requests whose head it has read already.
    await connection.call('y');
    expect((await connection.call('z')).head).toMatch(/^keep-alive: timeout=33$/im);
  });

  test('is kept for the timeout of the server, even if it changed while the first call ran', async () => {
    const mcp = testServer();
    const { connection, server } = await keep({ mcp });
    mcp.registerTool('patient', { inputSchema: { type: 'object' } }, () => {
      server.server.keepAliveTimeout = 33_000;
      return 'done';
    });
    await connection.call('', { tool: 'patient' });
    expect((await connection.call('y')).head).toMatch(/^keep-alive: timeout=33$/im);
    expect((await connection.call('z')).head).toMatch(/^keep-alive: timeout=33$/im);
  });

  test('is closed after as many requests as the server takes on one', async () => {
    const { connection, server } = await keep();
    server.server.maxRequestsPerSocket = 3;
    await connection.call('x');
    expect((await connection.call('y')).head).toMatch(/^keep-alive: timeout=75, max=3$/im);
    expect((await connection.call('z')).head).toMatch(/^connection: close$/im);
  });

  test('may wait for "100 Continue"', async () => {
    const { connection } = await keep();
    await connection.call('x');
    const { body } = await connection.call('y', { headers: 'expect: 100-continue\r\n' });
    expect(JSON.parse(body).result.content[0].text).toBe('y');
  });
});
