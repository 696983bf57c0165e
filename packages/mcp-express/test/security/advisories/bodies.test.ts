import type { Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import type { RouterOptions } from 'mcp-express';
import { requestAlone } from '../../spec/modern/client.js';
import { send } from '../../support/raw-client.js';
import { openSession, toolCall } from '../../support/session.js';
import { startServer, type TestServer } from '../../support/start-server.js';
import { eventually, within } from '../../support/wait.js';
import { dial, statusIn } from './raw-socket.js';
import { advisory } from './rows.js';
import { inParallel, keyAuthentication } from './two-principals.js';

const LIMIT = 64 * 1024;
/** What the kernel and Node read ahead before anybody can say that it is too much. */
const READ_AHEAD = 512 * 1024;
/** Many times what a refused client is given to read why. */
const HANG_UP_MS = 10_000;
const PIECE = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
const UPLOAD =
  'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n';

/** Sends chunks as long as anybody takes them, and gives the first line that came back. */
async function pourIn(port: number, headers = ''): Promise<string> {
  const socket = dial(port);
  let text = '';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk) => {
    text += chunk;
  });
  const more = (): void => {
    while (!socket.destroyed && socket.writable && socket.write(PIECE));
  };
  socket.on('drain', more);
  socket.write(`${UPLOAD}${headers}\r\n`);
  more();
  await within('the server hangs up', closed, HANG_UP_MS);
  return text;
}

/** A server, and how much of each connection it has read. */
async function metered(options: RouterOptions): Promise<TestServer & { readonly taken: Socket[] }> {
  const server = await startServer({ options: { maxBodyBytes: LIMIT, ...options } });
  const taken: Socket[] = [];
  server.server.on('connection', (socket: Socket) => taken.push(socket));
  return { ...server, taken };
}

advisory('CVE-2026-67432', () => {
  test.each([
    ['with none', '', 413],
    ['with the id of a session that is not there', 'Mcp-Session-Id: x\r\n', 413],
    ['of 2026-07-28', 'MCP-Protocol-Version: 2026-07-28\r\n', 413],
  ])('a body without end is cut soon, without session and token: %s (R22)', async (_how, headers, status) => {
    const { port, taken, sockets } = await metered({});
    expect(statusIn(await pourIn(port, headers))).toBe(status);
    await eventually('the connection is gone', () => sockets.size === 0);
    expect(taken).toHaveLength(1);
    expect(taken[0]?.bytesRead).toBeLessThan(LIMIT + READ_AHEAD);
  });

  test.each([
    ['no token', '', 401],
    ['a token of nobody', 'Authorization: Bearer x\r\n', 401],
    ['a foreign Origin', 'Origin: https://evil.example\r\n', 403],
    ['nothing it accepts', 'Accept: image/png\r\n', 406],
  ])('so is one that is refused before it is read, for %s (R22)', async (_why, headers, status) => {
    const { port, taken, sockets } = await metered({ auth: keyAuthentication() });
    expect(statusIn(await pourIn(port, headers))).toBe(status);
    await eventually('the connection is gone', () => sockets.size === 0);
    expect(taken[0]?.bytesRead).toBeLessThan(LIMIT + READ_AHEAD);
  });
});

advisory('(no number) PHP mcp/sdk', () => {
  test('50 bodies without end at once cost no more than their limits (R22)', async () => {
    const { port, taken, sockets, url } = await metered({});
    await inParallel(50, 50, async () => {
      expect(await pourIn(port)).toMatch(/^HTTP\/1\.1 413 [\s\S]*"reason":"body-too-large"/);
    });
    await eventually('all are gone', () => sockets.size === 0);
    const read = taken.map(({ bytesRead }) => bytesRead);
    expect(read).toHaveLength(50);
    expect(Math.max(...read)).toBeLessThan(LIMIT + READ_AHEAD);
    expect((await (await openSession(url)).call('echo', { text: 'x' })).status).toBe(200);
  });
});

/** A call of exactly so many bytes. */
function fill(body: object, bytes: number): string {
  const empty = JSON.stringify(body);
  return empty.replace('"text":""', `"text":"${'x'.repeat(bytes - Buffer.byteLength(empty))}"`);
}

advisory('CVE-2026-39313', () => {
  test.each([2_000, LIMIT, 5 * 1024 * 1024])(
    'a limit of %d bytes is the one that holds, in both eras (R22)',
    async (limit) => {
      const { url } = await startServer({ options: { maxBodyBytes: limit } });
      const session = await openSession(url);
      const alone = requestAlone('tools/call', { name: 'echo', arguments: { text: '' } });
      const ways = [
        { body: toolCall('echo', { text: '' }), headers: session.headers },
        { body: alone.body, headers: alone.headers },
      ];
      for (const { body, headers } of ways) {
        for (const framing of [{}, { 'transfer-encoding': 'chunked' }]) {
          const statusAt = async (bytes: number): Promise<[number, unknown]> => {
            const answer = await send(url, { body: fill(body, bytes), headers: { ...headers, ...framing } });
            return [answer.status, answer.json.error?.data.limit];
          };
          expect(await statusAt(limit - 1)).toEqual([200, undefined]);
          expect(await statusAt(limit)).toEqual([200, undefined]);
          expect(await statusAt(limit + 1)).toEqual([413, limit]);
        }
      }
    },
  );
});
