import { type ClientRequest, request as httpRequest, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { headOf, readAll, send } from '../support/raw-client.js';
import { openSession, toolCall } from '../support/session.js';
import { EXPRESS_MAJORS, startServer } from '../support/start-server.js';
import { together } from '../support/together.js';
import { eventually, within } from '../support/wait.js';

const LIMIT = 64 * 1024;
const options = { maxBodyBytes: LIMIT };

/** A call of exactly this many bytes. */
function bodyOf(bytes: number): string {
  const empty = JSON.stringify(toolCall('echo', { text: '' }));
  return JSON.stringify(toolCall('echo', { text: 'x'.repeat(bytes - empty.length) }));
}

const CHUNKED = { 'transfer-encoding': 'chunked' };

/** A client that sends for as long as its connection accepts bytes. */
function sendForEver(url: string, headers: Record<string, string>): ClientRequest {
  const request = httpRequest(url, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  });
  request.on('error', () => {});
  onCleanup(() => request.destroy());
  const piece = Buffer.alloc(16 * 1024, 'x');
  const more = (): void => {
    while (!request.destroyed && request.write(piece));
  };
  request.on('drain', more);
  more();
  return request;
}

describe('the body limit (R22, DESIGN 6)', () => {
  describe.each(EXPRESS_MAJORS)('on Express %d', (express) => {
    test.each([
      ['declared', {}],
      ['chunked', CHUNKED],
    ])(
      'a %s body of one byte less, or just the limit, is served; one byte more is 413 as JSON (R22)',
      async (_how, headers) => {
        const { url } = await startServer({ options, express });
        const session = await openSession(url);
        for (const bytes of [LIMIT - 1, LIMIT]) {
          const answer = await session.post(bodyOf(bytes), headers);
          expect([bytes, answer.status]).toEqual([bytes, 200]);
        }
        const answer = await session.post(bodyOf(LIMIT + 1), headers);
        expect([answer.status, answer.headers['content-type']]).toEqual([413, 'application/json']);
        expect(answer.json).toEqual({
          jsonrpc: '2.0',
          id: null,
          error: {
            code: -32000,
            message: expect.stringContaining(String(LIMIT)),
            data: { reason: 'body-too-large', limit: LIMIT },
          },
        });
      },
    );
  });

  test('bytes are counted, not characters (R22)', async () => {
    const { url } = await startServer({ options });
    const session = await openSession(url);
    const answer = await session.call('echo', { text: '€'.repeat(LIMIT / 2) });
    expect(answer.status).toBe(413);
  });

  test('the default limit is 4 MiB: arguments of 3 MiB are served (R22)', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const text = 'x'.repeat(3 * 1024 * 1024);
    const answer = await session.call('echo', { text });
    expect(answer.json.result.content[0].text).toHaveLength(text.length);
    const over = await session.call('echo', { text: 'x'.repeat(4 * 1024 * 1024) });
    expect(over.status).toBe(413);
  });

  test('a body that is declared too large is refused quickly, before a byte of it is sent (R22)', async () => {
    const { url } = await startServer({ options });
    const request = httpRequest(url, {
      method: 'POST',
      agent: false,
      headers: { 'content-type': 'application/json', 'content-length': String(1024 * 1024 * 1024) },
    });
    request.on('error', () => {});
    onCleanup(() => request.destroy());
    request.flushHeaders();
    const begun = performance.now();
    const answer = await readAll(await headOf(request));
    expect(answer.status).toBe(413);
    expect(answer.json.error.data.reason).toBe('body-too-large');
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  /** Each test waits until the time for discarding a body has passed. */
  const all = together();

  describe.each([
    ['declared', { 'content-length': String(1024 * 1024 * 1024) }],
    ['chunked', CHUNKED],
  ])('a client that goes on sending a %s body', (_how, headers) => {
    all.test('reads the whole 413, each time, from node:http (R22)', async () => {
      const { url } = await startServer({ options });
      for (let round = 0; round < 5; round += 1) {
        const begun = performance.now();
        const answer = await readAll(await headOf(sendForEver(url, headers)));
        expect(answer.status).toBe(413);
        expect(answer.json.error.data.reason).toBe('body-too-large');
        expect(performance.now() - begun).toBeLessThan(10_000);
      }
    });

    all.test('reads the whole 413, each time, from a plain socket that sends first and reads later (R22)', async () => {
      const { port } = await startServer({ options });
      const texts = await Promise.all(Array.from({ length: 5 }, () => sendThenRead(port, headers)));
      for (const text of texts) {
        expect(text).toMatch(/^HTTP\/1\.1 413 /);
        expect(text).toContain('"reason":"body-too-large"');
      }
    });

    all.test('reads the 413 through fetch (R22)', async () => {
      const { url } = await startServer({ options });
      if ('content-length' in headers) return;
      for (let round = 0; round < 5; round += 1) {
        const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024)) });
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
          duplex: 'half',
        } as RequestInit);
        expect(answer.status).toBe(413);
        expect(await answer.json()).toMatchObject({ error: { data: { reason: 'body-too-large' } } });
      }
    });

    all.test('is not read much further than the limit, and its connection is closed (R22)', async () => {
      const { url, sockets } = await startServer({ options });
      const request = sendForEver(url, headers);
      const [socket] = await eventually('a connection', () => (sockets.size === 1 ? [...sockets] : false));
      await headOf(request);
      await eventually('the server closes the connection', () => sockets.size === 0);
      expect(socket?.bytesRead).toBeLessThan(LIMIT * 4 + 256 * 1024);
    });
  });

  test.each([
    ['declared', { 'content-length': String(8 * 1024 * 1024) }],
    ['chunked', CHUNKED],
  ])(
    'a client that sends %s before it reads, as Python and PHP do, is not reset before it could read why (R22)',
    async (_how, headers) => {
      const { port, server } = await startServer({ options });
      let response: ServerResponse | undefined;
      server.on('request', (_request, made: ServerResponse) => {
        response = made;
      });
      const socket = connect({ port, host: '127.0.0.1' });
      onCleanup(() => socket.destroy());
      const errors: Error[] = [];
      socket.on('error', (error) => errors.push(error)).pause();
      const piece = 'transfer-encoding' in headers ? `4000\r\n${'x'.repeat(0x4000)}\r\n` : 'x'.repeat(0x4000);
      socket.write(headOfPost(headers));
      for (let count = 0; count < 8; count += 1) socket.write(piece);
      await eventually('the 413 is sent', () => response?.headersSent === true);
      // The first write after a reset only triggers the error; the second one fails.
      for (let count = 0; count < 4; count += 1) {
        await new Promise((resolve) => socket.write(piece, resolve));
        await new Promise(setImmediate);
      }
      expect(errors).toEqual([]);
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.resume();
      await eventually('the whole answer', () => text.includes('"reason":"body-too-large"'));
      expect(text).toMatch(/^HTTP\/1\.1 413 /);
    },
  );

  test('fifty clients that send without end cost no more than their limits (R22)', async () => {
    const { url, server, sockets } = await startServer({ options });
    const seen = new Set<Socket>();
    server.on('connection', (socket: Socket) => seen.add(socket));
    const requests = Array.from({ length: 50 }, () => sendForEver(url, CHUNKED));
    const heads = await Promise.all(requests.map(headOf));
    expect(heads.map(({ statusCode }) => statusCode)).toEqual(Array(50).fill(413));
    await eventually('all connections are closed', () => sockets.size === 0);
    const read = [...seen].reduce((sum, socket) => sum + socket.bytesRead, 0);
    expect(read).toBeLessThan(50 * (LIMIT * 4 + 256 * 1024));
    expect((await send(url, { body: 'x' })).status).toBe(400);
  });
});

/** Writes until the connection accepts no more, then reads to the end. */
async function sendThenRead(port: number, headers: Record<string, string>): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  onCleanup(() => socket.destroy());
  let text = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  socket.write(headOfPost(headers));
  const piece = 'transfer-encoding' in headers ? `4000\r\n${'x'.repeat(0x4000)}\r\n` : 'x'.repeat(0x4000);
  const more = (): void => {
    while (socket.writable && socket.write(piece));
  };
  socket.on('drain', more);
  more();
  await within('the connection closes', closed);
  return text;
}

function headOfPost(headers: Record<string, string>): string {
  const lines = Object.entries({ host: 'localhost', 'content-type': 'application/json', ...headers });
  return `POST /mcp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}
