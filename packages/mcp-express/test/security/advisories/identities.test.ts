import { expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { requestAlone } from '../../spec/modern/client.js';
import { initializeRequest, openSession, ping, toolCall } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { exchange, type HeaderLines, statusIn, wireRequest } from './raw-socket.js';
import { advisory } from './rows.js';
import { ALICE, asker, ERAS, type Era, KEYS, startGuarded } from './two-principals.js';

const JSON_LINES: HeaderLines = [
  ['Host', 'localhost'],
  ['Content-Type', 'application/json'],
];

/** Ids that would be something else in a URL, a header, a log or a key of a store. */
const INJECTED: readonly string[] = [
  'a&session=b',
  'a%0d%0aMcp-Session-Id:%20b',
  'a b',
  'a\tb',
  '../../other',
  'a;b',
  'a\u00e9b',
  '*',
  '__proto__',
  'a:b:c',
  '{}',
  'x'.repeat(10_000),
];

async function serving() {
  const mcp = testServer();
  const ran: string[] = [];
  mcp.registerTool('who', {}, ({ principal }) => {
    ran.push(String(principal?.subject));
    return String(principal?.subject);
  });
  return { ...(await startGuarded(mcp)), ran };
}

/** The status of who comes to a tool with what some authentication left on the request. */
async function statusOfLeft(era: Era, left: unknown): Promise<number> {
  const mcp = testServer();
  mcp.registerTool('who', {}, () => 'x');
  let auth: unknown = { sub: 'alice' };
  const authenticate: RequestHandler = (request, _response, next) => {
    Object.assign(request, { auth });
    next();
  };
  const { url } = await startServer({ mcp, before: [authenticate] });
  const ask = await asker(url, era);
  expect((await ask('tools/call', { name: 'who', arguments: {} })).status).toBe(200);
  auth = left;
  // In a session somebody else's is 404; who is nobody does not come so far.
  return (await ask('tools/call', { name: 'who', arguments: {} })).status;
}

const bearerLine = (key: string): readonly [string, string] => ['Authorization', `Bearer ${key}`];

advisory('(no CVE) agentic-community gateway', () => {
  test('an id that would be more than one is none, on POST, GET and DELETE (R15)', async () => {
    const { url, port, ran } = await serving();
    const session = await openSession(url, undefined, ALICE);
    const body = JSON.stringify(toolCall('who', {}));
    for (const injected of [...INJECTED, ...INJECTED.map((each) => `${session.id}${each}`)]) {
      const lines: HeaderLines = [...JSON_LINES, bearerLine(KEYS.alice), ['Mcp-Session-Id', injected]];
      for (const [method, sent] of [
        ['POST', body],
        ['GET', ''],
        ['DELETE', ''],
      ] as const) {
        const answer = await exchange(port, wireRequest(method, lines, sent));
        expect([injected.slice(0, 60), method, [400, 404].includes(statusIn(answer))]).toEqual([
          injected.slice(0, 60),
          method,
          true,
        ]);
        expect(answer).toContain('"jsonrpc":"2.0"');
        expect(answer).not.toMatch(/^mcp-session-id:/im);
      }
    }
    expect(ran).toEqual([]);
    expect((await session.post(ping())).status).toBe(200);
  });

  test('two session ids are 400, whichever is first, and also when they are the same (R15)', async () => {
    const { url, port, ran } = await serving();
    const session = await openSession(url, undefined, ALICE);
    for (const other of ['x', session.id, '']) {
      for (const ids of [
        [session.id, other],
        [other, session.id],
      ]) {
        const twice: HeaderLines = ids.map((id) => ['Mcp-Session-Id', id] as const);
        const lines = [...JSON_LINES, bearerLine(KEYS.alice), ...twice];
        expect(statusIn(await exchange(port, wireRequest('POST', lines, JSON.stringify(toolCall('who', {})))))).toBe(
          400,
        );
      }
    }
    expect(ran).toEqual([]);
  });

  test('an identity that is empty, twice there or no identity is 401, in both eras (R5)', async () => {
    const { url, port, ran } = await serving();
    const session = await openSession(url, undefined, ALICE);
    const alone = requestAlone('tools/call', { name: 'who', arguments: {} });
    const asked = [
      { body: toolCall('who', {}), headers: { 'mcp-session-id': session.id } },
      { body: alone.body, headers: alone.headers },
      { body: initializeRequest(), headers: {} },
    ];
    const wrong: HeaderLines[] = [
      [],
      [['Authorization', '']],
      [['Authorization', 'Bearer']],
      [['Authorization', 'Bearer ']],
      [['Authorization', `Bearer ${KEYS.alice} ${KEYS.bob}`]],
      [['Authorization', `Bearer ${KEYS.alice}, Bearer ${KEYS.bob}`]],
      [['Authorization', `Basic ${KEYS.alice}`]],
      [['Authorization', KEYS.alice]],
      [['X-Authorization', `Bearer ${KEYS.alice}`]],
      [bearerLine(KEYS.alice), bearerLine(KEYS.bob)],
      [bearerLine(KEYS.bob), bearerLine(KEYS.alice)],
      [bearerLine(KEYS.alice), ['Authorization', '']],
    ];
    for (const credentials of wrong) {
      for (const { body, headers } of asked) {
        const lines = [...JSON_LINES, ...(Object.entries(headers) as [string, string][]), ...credentials];
        const status = statusIn(await exchange(port, wireRequest('POST', lines, JSON.stringify(body))));
        expect([credentials, [400, 401].includes(status)]).toEqual([credentials, true]);
      }
    }
    expect(ran).toEqual([]);
  });

  test.each(ERAS)('what authentication left without a name is nobody, and is refused, in %s (R5)', async (era) => {
    for (const auth of [{}, { sub: '' }, { extra: { sub: '' } }, { sub: null }, '', true, { clientId: '' }]) {
      expect([auth, await statusOfLeft(era, auth)]).toEqual([auth, 401]);
    }
  });

  test.each(ERAS)(
    'a name that is there and empty is not made up for by the client, which many share, in %s (R5)',
    async (era) => {
      const left = { clientId: 'client', scopes: [], extra: { sub: '' } };
      expect(await statusOfLeft(era, left)).toBe(401);
    },
  );
});
