import { expect, test } from '@jest/globals';
import { openSession, ping, toolCall } from '../../support/session.js';
import { startServer, type TestServer } from '../../support/start-server.js';
import { addBurst, testServer } from '../../support/test-tools.js';
import { eventually, within } from '../../support/wait.js';
import { dial } from './raw-socket.js';
import { advisory } from './rows.js';
import { inParallel } from './two-principals.js';

/*
 * Jest fails a test for every uncaught exception and every unhandled rejection that happens while it runs: both counts
 * are 0 where these tests pass, and a process that ended would pass none.
 */

const CONNECTIONS = 400;
const HEAD = 'POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

/** Requests that are none. */
const MALFORMED: readonly string[] = [
  '\r\n\r\n\r\n',
  'GARBAGE\r\n\r\n',
  '\u0000\u0001\u0002',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'POST /mcp HTTP/9.9\r\nHost: localhost\r\n\r\n',
  'POST /mcp\r\n\r\n',
  'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  `${HEAD}Content-Length: -1\r\n\r\n{}`,
  `${HEAD}Content-Length: 1e3\r\n\r\n{}`,
  `${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{}{}{}`,
  `${HEAD}Content-Length: 99999999999999999999\r\n\r\n{}`,
  `${HEAD}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{}`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: \u0000\r\n\r\n`,
  `${HEAD}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
  `${HEAD}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}`,
  `${HEAD}Expect: nonsense\r\nContent-Length: 2\r\n\r\n{}`,
  `${HEAD}X-Nul: a\u0000b\r\n\r\n`,
  `${HEAD}Mcp-Session-Id: a\rb\r\n\r\n`,
  `${HEAD}X: ${'x'.repeat(70_000)}\r\n\r\n`,
  `${HEAD}${'X: y\r\n'.repeat(3_000)}\r\n`,
  'GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Length: 5\r\n\r\n{"a":GET',
];

/** Connects, sends, and leaves after so many bytes of the answer, as if cut off. */
function cutOff(port: number, bytes: string, sent: number, taken: number): Promise<void> {
  const socket = dial(port);
  let left = taken;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk) => {
    left -= chunk.length;
    if (left <= 0) socket.resetAndDestroy();
  });
  // What nobody answers is left too: half a request, or a stream that has nothing to say.
  socket.setTimeout(100, () => socket.resetAndDestroy());
  socket.write(Buffer.from(bytes.slice(0, sent), 'latin1'), () => {
    if (sent < bytes.length) setImmediate(() => socket.resetAndDestroy());
  });
  return within('the connection closes', closed);
}

function requestText(method: string, headers: object, body = ''): string {
  const lines = Object.entries({ host: 'localhost', ...headers, 'content-length': body.length });
  return `${method} /mcp HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

async function expectAlive(server: TestServer): Promise<void> {
  await eventually('all connections are gone', () => server.sockets.size === 0);
  await eventually('nothing runs, nothing is shown', async () => {
    const { calls, streams, listeners } = await server.router.stats();
    return calls + streams + listeners === 0;
  });
  const session = await openSession(server.url);
  expect((await session.call('echo', { text: 'alive' })).json.result.content[0].text).toBe('alive');
}

advisory('CVE-2025-53365', () => {
  test.each(['serve', 'node'] as const)(
    'requests that are malformed in every way end no process, by %s (R23)',
    async (by) => {
      const server = await startServer({ by });
      const attacks = MALFORMED.flatMap((text) => [text, `${text}${text}`, text.slice(0, text.length / 2)]);
      await inParallel(attacks.length, 16, (index) =>
        cutOff(server.port, String(attacks[index]), Number.MAX_SAFE_INTEGER, 200),
      );
      await expectAlive(server);
    },
  );

  test('connections reset at every byte of question and answer end no process, in both eras (R23)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const server = await startServer({ mcp, options: { keepAliveMs: 2, sseAfterMs: 5, maxCallsPerSession: 10_000 } });
    const session = await openSession(server.url);
    const { requestAlone } = await import('../../spec/modern/client.js');
    const alone = requestAlone(
      'tools/call',
      { name: 'burst', arguments: { count: 9 } },
      { meta: { progressToken: 1 } },
    );
    const listen = requestAlone('subscriptions/listen', { notifications: { toolsListChanged: true } });
    const json = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const texts = [
      requestText('POST', { ...json, ...session.headers }, JSON.stringify(ping())),
      requestText('POST', { ...json, ...session.headers }, JSON.stringify(toolCall('burst', { count: 9 }, 1, 't'))),
      requestText('GET', { accept: 'text/event-stream', ...session.headers }),
      requestText('POST', { ...json, ...alone.headers }, JSON.stringify(alone.body)),
      requestText('POST', { ...json, ...listen.headers }, JSON.stringify(listen.body)),
    ];
    await inParallel(CONNECTIONS, 24, (index) => {
      const text = texts[index % texts.length] as string;
      // Steps that have no divisor in common with the lengths, so that all of a request is walked.
      const whole = index % 2 === 0;
      return cutOff(server.port, text, whole ? text.length : (index * 37) % text.length, 1 + ((index * 61) % 3_000));
    });
    await expectAlive(server);
  });
});
