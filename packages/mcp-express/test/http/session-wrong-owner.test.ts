import { beforeEach, describe, expect, test } from '@jest/globals';
import { memoryStore, type Store } from 'mcp-express';
import { type RawAnswer, type RawRequest, send } from '../support/raw-client.js';
import { openSession, ping, TestSession, toolCall } from '../support/session.js';
import { authenticateByHeader, startServer, type TestServer, USER_HEADER } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addGate, type Gate, testServer } from '../support/test-tools.js';

const ALICE = { [USER_HEADER]: 'alice' };
const BOB = { [USER_HEADER]: 'bob' };
const NOBODY = {};

let store: Store;
let gate: Gate;
let server: TestServer;
let alice: TestSession;

beforeEach(async () => {
  store = memoryStore();
  const mcp = testServer();
  gate = addGate(mcp);
  server = await startServer({ mcp, before: [authenticateByHeader], options: { store } });
  alice = await openSession(server.url, '2025-11-25', ALICE);
});

/** The whole response except its date. */
function seen({ status, rawHeaders, text }: RawAnswer): unknown {
  const at = rawHeaders.indexOf('Date');
  return { status, text, headers: rawHeaders.filter((_value, index) => index !== at && index !== at + 1) };
}

const UNKNOWN = 'A'.repeat(32);

describe.each([
  ['Bob', BOB],
  ['somebody who did not sign in', NOBODY],
])('%s with the id of a session of Alice (R5, invariant 3)', (_who, other) => {
  test.each([
    ['POST of a call', { body: toolCall('echo', { text: 'x' }) }],
    ['POST of a notification', { body: { jsonrpc: '2.0', method: 'notifications/initialized' } }],
    ['POST of a response', { body: { jsonrpc: '2.0', id: 1, result: {} } }],
    ['POST of a batch', { body: [ping()] }],
    ['POST of rubbish', { body: { jsonrpc: '1.0' } }],
    ['POST in a revision nobody knows', { body: ping(), headers: { 'mcp-protocol-version': '1900-01-01' } }],
    ['GET', { method: 'GET' }],
    ['GET of a wrong form', { method: 'GET', headers: { accept: 'image/png' } }],
    ['DELETE', { method: 'DELETE' }],
  ])('%s is answered byte for byte as for an unknown id (R5; CVE-2026-52869)', async (_what, given) => {
    const { headers, ...request }: RawRequest = given;
    const at = (id: string): Promise<RawAnswer> =>
      send(server.url, { ...request, headers: { ...other, ...headers, 'mcp-session-id': id } });
    const stolen = await at(alice.id);
    expect(seen(stolen)).toEqual(seen(await at(UNKNOWN)));
    expect([400, 404, 406]).toContain(stolen.status);
    expect((await alice.post(ping())).status).toBe(200);
  });

  test('a resume with a good event id is 404, byte for byte as for an unknown id (R5, R6)', async () => {
    const listening = await alice.listen();
    await say(store, alice.id, { secret: 1 });
    await listening.untilMessages(1);
    const headers = { ...other, accept: 'text/event-stream', 'last-event-id': listening.ids[0] };
    const stolen = await send(server.url, { method: 'GET', headers: { ...headers, 'mcp-session-id': alice.id } });
    const unknown = await send(server.url, { method: 'GET', headers: { ...headers, 'mcp-session-id': UNKNOWN } });
    expect(stolen.status).toBe(404);
    expect(seen(stolen)).toEqual(seen(unknown));
  });

  test('her stream is not taken over, and her running call is not cancelled (R5; CVE-2026-33946, CVE-2026-67431)', async () => {
    const listening = await alice.listen();
    const calling = alice.callStream('gate', {}, 7, { headers: { accept: 'text/event-stream' } });
    const call = await gate.begun();
    const thief = new TestSession(server.url, alice.id, '2025-11-25', other);
    expect((await thief.get({ accept: 'text/event-stream' })).status).toBe(404);
    expect((await thief.cancel(7)).status).toBe(404);
    expect((await thief.delete()).status).toBe(404);
    expect(call.ctx.signal.aborted).toBe(false);
    call.resolve('unharmed');
    const answering = await calling;
    await answering.untilClosed();
    expect(answering.messages.at(-1)).toMatchObject({ id: 7, result: { content: [{ text: 'unharmed' }] } });
    await say(store, alice.id, { still: 'hers' });
    await listening.untilMessages(1);
    expect(listening.closed).toBeUndefined();
  });

  test('does not keep her session alive by trying (R5)', async () => {
    let now = Date.now();
    const clocked = memoryStore({ now: () => now });
    const other2 = await startServer({
      before: [authenticateByHeader],
      options: { store: clocked, sessionIdleMs: 60_000 },
    });
    const hers = await openSession(other2.url, '2025-11-25', ALICE);
    now = Date.now() + 50_000;
    await send(other2.url, { body: ping(), headers: { ...other, 'mcp-session-id': hers.id } });
    now = Date.now() + 70_000;
    expect((await hers.post(ping())).status).toBe(404);
  });
});

test('Alice keeps her session with a fresh token for the same subject (R5, R21)', async () => {
  const rotated = new TestSession(server.url, alice.id, alice.revision, { ...ALICE, authorization: 'Bearer fresh' });
  expect((await rotated.post(ping())).status).toBe(200);
  const stream = await rotated.listen();
  expect(stream.status).toBe(200);
  expect((await rotated.delete()).status).toBe(204);
});

test('an anonymous session does not belong to an authenticated principal (R5)', async () => {
  const anonymous = await openSession(server.url);
  const taken = new TestSession(server.url, anonymous.id, anonymous.revision, BOB);
  expect((await taken.post(ping())).status).toBe(404);
  expect((await anonymous.post(ping())).status).toBe(200);
});

test.each([
  ['an empty object', {}],
  ['a subject that is empty', { sub: '' }],
  ['a number', 5],
])('authentication that left %s has no subject: 401, never anonymous (R5)', async (_what, auth) => {
  const strict = await startServer({
    before: [
      (request, _response, next) => {
        if (request.get(USER_HEADER) !== undefined) Object.assign(request, { auth });
        next();
      },
    ],
  });
  const anonymous = await openSession(strict.url);
  const named = new TestSession(strict.url, anonymous.id, anonymous.revision, BOB);
  const answers = [await named.post(ping()), await named.get(), await named.delete()];
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  expect((await anonymous.post(ping())).status).toBe(200);
});
