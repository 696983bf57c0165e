import { expect, test } from '@jest/globals';
import { openSession, ping, toolCall } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { addCounter } from './counter.js';
import { exchange, type HeaderLines, statusIn, wireRequest } from './raw-socket.js';
import { advisory } from './rows.js';

const WEBSOCKET: HeaderLines = [
  ['Upgrade', 'websocket'],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
];
const JSON_LINES: HeaderLines = [
  ['Content-Type', 'application/json'],
  ['Accept', 'application/json'],
];

/** A frame of text as a client of a WebSocket sends it, masked with zeros. */
function frame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)]);
}

/** The request with `Connection: Upgrade`, and a frame behind it, as if it had been accepted. */
function upgrading(method: string, headers: HeaderLines, body = ''): Buffer {
  const sent = wireRequest(method, headers, body).toString('latin1');
  return Buffer.concat([
    Buffer.from(sent.replace('Connection: close', 'Connection: Upgrade, close'), 'latin1'),
    frame(JSON.stringify(ping())),
  ]);
}

advisory('CVE-2026-59950', () => {
  test.each(['serve', 'node'] as const)(
    'an upgrade of a foreign page is refused, and none is accepted, by %s',
    async (by) => {
      const mcp = testServer();
      const count = addCounter(mcp);
      const { url, port } = await startServer({ mcp, by });
      const { id } = await openSession(url);
      const body = JSON.stringify(toolCall('count', {}));
      const protocols = [WEBSOCKET, [['Upgrade', 'h2c']], [['Upgrade', 'mcp']]] as HeaderLines[];
      const whose = [[], [['Mcp-Session-Id', id]]] as HeaderLines[];
      for (const lines of protocols.flatMap((protocol) => whose.map((session) => [...protocol, ...session]))) {
        for (const origin of ['https://evil.example', 'null']) {
          const foreign = [['Host', 'localhost'], ['Origin', origin], ...lines] as HeaderLines;
          expect([400, 403, 426]).toContain(statusIn(await exchange(port, upgrading('GET', foreign))));
          const posted = await exchange(port, upgrading('POST', [...foreign, ...JSON_LINES], body));
          expect([400, 403, 426]).toContain(statusIn(posted));
        }
        const rebound = [['Host', 'evil.example'], ...lines] as HeaderLines;
        expect([400, 403, 426]).toContain(statusIn(await exchange(port, upgrading('GET', rebound))));
      }
      expect(count.calls).toBe(0);
      const own = await exchange(port, upgrading('GET', [['Host', 'localhost'], ...WEBSOCKET]));
      expect(own).not.toMatch(/^HTTP\/1\.1 101|sec-websocket-accept/im);
      expect(statusIn(own)).toBe(400);
    },
  );
});
