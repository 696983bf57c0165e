import { expect, test } from '@jest/globals';
import { McpServer, memoryStore } from 'mcp-express';
import { send } from '../../support/raw-client.js';
import { type Headers, NEWEST, openSession, ping, TestSession, toolCall } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { say } from '../../support/stores.js';
import { addEcho, testServer } from '../../support/test-tools.js';
import { addCounter } from './counter.js';
import { advisory } from './rows.js';
import { ALICE, ALICE_AGAIN, BOB, bytesOf, startGuarded } from './two-principals.js';

async function serving() {
  const mcp = testServer();
  const store = memoryStore();
  const count = addCounter(mcp);
  const server = await startGuarded(mcp, { store });
  const alice = await openSession(server.url, NEWEST, ALICE);
  const of = (id: string, who: Headers): TestSession => new TestSession(server.url, id, NEWEST, who);
  return { ...server, store, count, alice, of };
}

/** An id of the same form that no session has. */
function unknownLike(id: string): string {
  return [...id].map((character) => (character === 'A' ? 'B' : 'A')).join('');
}

advisory('CVE-2026-52869', () => {
  test("Alice's session is to Bob what an unknown one is, byte for byte, on POST, GET, resume and DELETE (R5)", async () => {
    const { store, count, alice, of } = await serving();
    const stream = await alice.listen();
    await say(store, alice.id, 'hers');
    await stream.untilMessages(1);
    const [hers, unknown] = [of(alice.id, BOB), of(unknownLike(alice.id), BOB)];
    const uses: ((session: TestSession) => ReturnType<TestSession['get']>)[] = [
      (session) => session.post(toolCall('count', {})),
      (session) => session.post(ping()),
      (session) => session.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }),
      (session) => session.get({ accept: 'text/event-stream' }),
      (session) => session.get({ accept: 'text/event-stream', 'last-event-id': String(stream.lastId) }),
      (session) => session.delete(),
    ];
    for (const use of uses) {
      const answer = await use(hers);
      expect(answer.status).toBe(404);
      expect(bytesOf(answer)).toEqual(bytesOf(await use(unknown)));
    }
    expect([count.calls, stream.closed]).toEqual([0, undefined]);
    expect((await alice.call('count')).json.result.content[0].text).toBe('1');
  });

  test('and goes on with the next token of hers (R5)', async () => {
    const { alice, of } = await serving();
    expect((await of(alice.id, ALICE_AGAIN).post(ping())).status).toBe(200);
    expect((await alice.post(ping())).status).toBe(200);
    expect((await of(alice.id, {}).post(ping())).status).toBe(401);
  });
});

advisory('CVE-2026-33946', () => {
  test("Bob's GET with Alice's id is 404, and her stream is still hers (R5, R12)", async () => {
    const { store, alice, of } = await serving();
    const stream = await alice.listen();
    for (let round = 1; round <= 5; round += 1) {
      expect((await of(alice.id, BOB).get({ accept: 'text/event-stream' })).status).toBe(404);
      await say(store, alice.id, `hers ${round}`);
      await stream.untilMessages(round);
    }
    expect(stream.messages.map(({ params }) => params.data)).toEqual([1, 2, 3, 4, 5].map((round) => `hers ${round}`));
    expect(stream.closed).toBeUndefined();
  });
});

/** A server that asks a service beyond it, with the credential of whoever calls. */
async function withUpstream() {
  const seen: (string | undefined)[] = [];
  const upstream = await startServer({
    routes: (app) => {
      app.get('/upstream', (request, response) => {
        seen.push(request.get('x-credential'));
        response.send(`for ${request.get('x-credential')}`);
      });
    },
  });
  const mcp = testServer();
  mcp.registerTool('search', {}, async (ctx) => {
    const headers = { 'x-credential': `credential of ${ctx.principal?.subject}` };
    return (await fetch(`http://127.0.0.1:${upstream.port}/upstream`, { headers })).text();
  });
  // However long that takes, the answer is one body.
  return { ...(await startGuarded(mcp, { sseAfterMs: Infinity })), seen };
}

advisory('GHSA-f6c5-f2ph-7x7p', () => {
  test("what is asked beyond is asked with the caller's credential, and never by a foreign session (R5, R41)", async () => {
    const { url, seen } = await withUpstream();
    const [alice, bob] = [await openSession(url, NEWEST, ALICE), await openSession(url, NEWEST, BOB)];
    const thief = new TestSession(url, alice.id, NEWEST, BOB);
    expect((await thief.call('search')).status).toBe(404);
    expect((await new TestSession(url, alice.id, NEWEST).call('search')).status).toBe(401);
    expect(seen).toEqual([]);
    const answers = await Promise.all([alice, bob, alice, bob].map((session) => session.call('search')));
    const credentials = ['alice', 'bob', 'alice', 'bob'].map((who) => `credential of ${who}`);
    expect(answers.map(({ json }) => json.result.content[0].text)).toEqual(credentials.map((each) => `for ${each}`));
    expect([...seen].sort()).toEqual([...credentials].sort());
  });
});

advisory('(no CVE) byterover-cli', () => {
  test('with exactly one session alive, what names none is 400 and changes nothing (R15)', async () => {
    const mcp = new McpServer({ name: 'one', version: '1' });
    const count = addEcho(mcp);
    const { url, router } = await startServer({ mcp });
    const session = await openSession(url);
    const stream = await session.listen();
    const before = await router.stats();
    const version = { 'mcp-protocol-version': NEWEST };
    const answers = [
      await send(url, { body: toolCall('echo', { text: 'x' }), headers: version }),
      await send(url, { body: toolCall('echo', { text: 'x' }) }),
      await send(url, { body: toolCall('echo', { text: 'x' }), headers: { ...version, 'mcp-session-id': '' } }),
      await send(url, { method: 'GET', headers: { ...version, accept: 'text/event-stream' } }),
      await send(url, { method: 'DELETE', headers: version }),
    ];
    for (const { status, headers, json } of answers) {
      expect([400, 404]).toContain(status);
      expect(headers['mcp-session-id']).toBeUndefined();
      expect(json.error.code).toBeLessThan(0);
    }
    expect(answers.filter((_each, index) => index !== 2).map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect([count.calls, await router.stats()]).toEqual([0, before]);
    expect([stream.closed, stream.messages]).toEqual([undefined, []]);
    expect((await session.post(ping())).status).toBe(200);
  });
});
