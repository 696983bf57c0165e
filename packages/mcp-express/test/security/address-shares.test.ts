import { describe, expect, test } from '@jest/globals';
import { McpServer, type RouterOptions } from 'mcp-express';
import { Client, codeOf, textOf, WITH_TASKS } from '../modern/alone.js';
import { openSession, ping, type TestSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';

const FLOODER = { 'x-forwarded-for': '203.0.113.9' };
const OTHER = { 'x-forwarded-for': '198.51.100.1' };
const JSON_ONLY = { accept: 'application/json' };

/** A server without authentication behind a proxy that it trusts. */
async function start(options: RouterOptions = {}) {
  const mcp = new McpServer({ name: 'open', version: '1' });
  const gate = addGate(mcp);
  mcp.registerTool('hello', {}, () => 'hello');
  mcp.registerTool('later', { task: {} }, () => 'done');
  const server = await startServer({
    mcp,
    options,
    before: [
      (request, _response, next) => {
        request.app.set('trust proxy', 1);
        next();
      },
    ],
  });
  const open = (headers: Readonly<Record<string, string>>) => openSession(server.url, '2025-11-25', headers);
  const from = (headers: Readonly<Record<string, string>>) =>
    new Client(server.url, { headers, capabilities: WITH_TASKS });
  return { ...server, gate, open, from };
}

const statusOf = async (session: TestSession): Promise<number> => (await session.post(ping())).status;

describe('one address does not use up the places of others (R3, R18, R19)', () => {
  test('sessions: at the ceiling the address with most makes room, though others are idle longer (R3)', async () => {
    const { open, router } = await start({ maxSessions: 10 });
    const idle = [await open(OTHER), await open(OTHER)];
    const flood = [];
    for (let i = 0; i < 25; i += 1) flood.push(await open(FLOODER));
    expect(await Promise.all(idle.map(statusOf))).toEqual([200, 200]);
    expect(await Promise.all(flood.slice(-8).map(statusOf))).toEqual(Array(8).fill(200));
    expect((await router.stats()).sessions).toBe(10);
  });

  test('sessions: beyond the share of an address its own make room (R18), by each form of the address', async () => {
    const { open, router } = await start({ maxSessionsPerAddress: 2 });
    const other = await open(OTHER);
    const opened = [];
    for (const form of ['203.0.113.9:1', '::ffff:203.0.113.9', '[::ffff:203.0.113.9]:2', '203.0.113.9']) {
      opened.push(await open({ 'x-forwarded-for': form }));
    }
    expect(await Promise.all(opened.map(statusOf))).toEqual([404, 404, 200, 200]);
    expect([await statusOf(other), (await router.stats()).sessions]).toEqual([200, 3]);
  });

  test('sessions: those of an address that are busy are not ended for its next, which is refused alone (R3)', async () => {
    const { open } = await start({ maxSessionsPerAddress: 1 });
    const busy = await open(FLOODER);
    const stream = await busy.listen();
    await expect(open(FLOODER)).rejects.toThrow(/503/);
    expect(await statusOf(await open(OTHER))).toBe(200);
    expect(await statusOf(busy)).toBe(200);
    stream.destroy();
  });

  test('an anonymous session may be used from another address', async () => {
    const { open, url } = await start({ maxSessionsPerAddress: 1 });
    const { id } = await open(OTHER);
    const moved = await openSession(url, '2025-11-25', FLOODER);
    const post = async (session: string) =>
      (await moved.post(ping(), { 'mcp-session-id': session, 'x-forwarded-for': '2001:db8::1' })).status;
    expect([await post(id), await post(moved.id)]).toEqual([200, 200]);
  });

  test('running calls, with sessions and without: 429 for the address, and others are served', async () => {
    const { from, open, gate } = await start({ maxCallsPerPrincipal: 2 });
    const session = await open(FLOODER);
    const held = [session.call('gate', {}, 1, { headers: JSON_ONLY })];
    const first = await gate.begun();
    held.push(from(FLOODER).call('gate', {}, { headers: { ...FLOODER, ...JSON_ONLY } }));
    const second = await gate.begun();
    expect((await from(FLOODER).call('hello')).status).toBe(429);
    expect((await session.call('hello')).json.error.data).toMatchObject({ reason: 'too-many-calls' });
    expect(textOf(await from(OTHER).call('hello'))).toBe('hello');
    expect(textOf(await (await open(OTHER)).call('hello'))).toBe('hello');
    for (const call of [first, second]) call.resolve('done');
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect(textOf(await from(FLOODER).call('hello'))).toBe('hello');
  });

  test('keyed calls: the address that keeps too many is refused, and others are served', async () => {
    const { from, open } = await start({ maxKeyedCallsPerPrincipal: 2 });
    const call = (client: Client, key: string) => client.call('hello', {}, { meta: { idempotencyKey: key } });
    for (const key of ['a', 'b']) expect(textOf(await call(from(FLOODER), key))).toBe('hello');
    expect((await call(from(FLOODER), 'c')).json.error.data).toMatchObject({ reason: 'too-many-keyed-calls' });
    const session = await open(FLOODER);
    const keyed = await session.call('hello', {}, 1, { headers: { 'idempotency-key': 'd' } });
    expect(keyed.json.error.data).toMatchObject({ reason: 'too-many-keyed-calls' });
    expect(textOf(await call(from(OTHER), 'e'))).toBe('hello');
  });

  test('tasks: the address that has too many is refused, and others are served', async () => {
    const { from } = await start({ maxTasksPerPrincipal: 2 });
    for (let i = 0; i < 2; i += 1) expect((await from(FLOODER).call('later')).json.result.resultType).toBe('task');
    expect((await from(FLOODER).call('later')).json.error.data).toMatchObject({ reason: 'too-many-tasks' });
    expect((await from(OTHER).call('later')).json.result.resultType).toBe('task');
    expect(codeOf(await from(FLOODER).call('hello'))).toEqual([200, undefined]);
  });
});
