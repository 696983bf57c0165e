import { expect, test } from '@jest/globals';
import { type AuditRecord, auditLog, ConfigurationError, memoryStore, type Observation, type Store } from 'mcp-express';
import { Client } from '../modern/alone.js';
import { openSession, type TestSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/** Two nodes on one store, and the events of both. */
async function twoNodes() {
  const store = memoryStore();
  const events: Observation[] = [];
  const audited: AuditRecord[] = [];
  const start = async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const observe = [(event: Observation) => events.push(event), auditLog((record) => audited.push(record))];
    const options = { store, observe: observe as [(typeof observe)[0]], logger: false as const };
    return { ...(await startServer({ mcp, options, before: [authenticateByHeader] })), gate };
  };
  const [here, there] = [await start(), await start()];
  return { here, there, events, audited, store };
}

const withoutIds = (store: Store): Store => {
  const sessions = Object.create(store.sessions) as Store['sessions'];
  return { ...store, sessions: Object.assign(sessions, { ids: undefined }) };
};

test('calls of all nodes are listed in pages, and cancelled from any node with one answer and an audit record', async () => {
  const { here, there, events, audited } = await twoNodes();
  const session = await openSession(here.url, '2025-11-25', { [USER_HEADER]: 'ann' });
  const client = new Client(there.url);
  const pending = [session.call('gate', { secret: 's3cret' }, 7), client.call('gate'), client.call('gate')];
  for (const { gate } of [here, there, there]) await gate.begun();
  const first = await here.router.calls.list({ limit: 2, timeoutMs: 100 });
  const rest = await there.router.calls.list({ limit: 2, timeoutMs: 100, cursor: String(first.cursor) });
  expect(rest.cursor).toBeUndefined();
  const calls = [...first.calls, ...rest.calls];
  expect(calls.map(({ method, name }) => `${method} ${name}`)).toEqual(Array(3).fill('tools/call gate'));
  expect(new Set(calls.map(({ node }) => node)).size).toBe(2);
  expect(JSON.stringify(calls)).not.toMatch(new RegExp(`s3cret|${session.id}`));
  const anns = calls.find(({ principal }) => principal?.subject === 'ann');
  expect(anns).toMatchObject({ requestId: 7, session: expect.stringMatching(/^[\w-]{16}$/) });
  for (const { id } of calls) expect(await there.router.calls.cancel(id, { by: 'olga' })).toBe(true);
  for (const answer of await Promise.all(pending)) {
    const message = answer.json ?? JSON.parse(/data: (.*"error".*)/.exec(answer.text)?.[1] ?? '{}');
    expect(message.error).toMatchObject({ data: { reason: 'cancelled-by-operator' } });
  }
  expect(await here.router.calls.cancel(String(anns?.id))).toBe(false);
  expect(events.filter(({ type }) => type === 'operation')).toHaveLength(3);
  expect(audited.filter(({ event }) => event === 'operation')).toMatchObject(
    calls.map(({ id }) => ({ method: 'cancel-call', name: id, by: 'olga', outcome: 'result' })),
  );
  expect(audited.filter(({ event, error }) => event === 'call' && error === 'cancelled-by-operator')).toHaveLength(3);
});

test('a session is ended from another node: its call, its stream and its id', async () => {
  const { here, there, events } = await twoNodes();
  const session = await openSession(here.url, '2025-11-25');
  const stream = await session.listen();
  const call = session.call('gate', {});
  await here.gate.begun();
  const { sessions } = await there.router.sessions.list();
  expect(sessions).toMatchObject([{ revision: '2025-11-25', client: { name: expect.any(String) } }]);
  expect(JSON.stringify(sessions)).not.toContain(session.id);
  expect(await there.router.sessions.end(session.id as string)).toBe(false);
  expect(await there.router.sessions.end(String(sessions[0]?.session), { by: 'olga' })).toBe(true);
  await Promise.all([stream.untilClosed(), call]);
  expect((await session.call('echo', { text: 'a' })).status).toBe(404);
  const ended = { type: 'session-ended', reason: 'operator', session: sessions[0]?.session };
  expect(events).toContainEqual(expect.objectContaining(ended));
  expect(events).toContainEqual({ type: 'operation', action: 'end-session', target: ended.session, by: 'olga' });
  expect(await there.router.sessions.end(String(ended.session))).toBe(false);
});

test('10,000 sessions are paged through without a gap or a repetition, while others begin and end', async () => {
  const { here, store } = await twoNodes();
  const template = { owner: '', revision: '2025-11-25', client: { name: 'c', version: '1' }, capabilities: {} };
  const limits = { total: 20_000, perOwner: 20_000 };
  const create = (i: number) => {
    const record = { ...template, id: `session-${i}`, standalone: `s${i}`, createdAt: i, lists: {} };
    return store.sessions.create(record, Date.now() + 60_000, limits);
  };
  for (let i = 0; i < 10_000; i += 1) await create(i);
  const seen: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await here.router.sessions.list({ limit: 1_000, ...(cursor === undefined ? {} : { cursor }) });
    seen.push(...page.sessions.map(({ createdAt }) => createdAt));
    await create(10_000 + seen.length);
    cursor = page.cursor;
  } while (cursor !== undefined);
  const old = seen.filter((createdAt) => createdAt < 10_000);
  expect(old).toHaveLength(10_000);
  expect(new Set(seen).size).toBe(seen.length);
});

test('wrong arguments and stores without a list are named', async () => {
  const { here } = await twoNodes();
  await expect(here.router.calls.list({ limit: 0 })).rejects.toThrow(/calls.list option "limit" must be/);
  await expect(here.router.sessions.list({ limit: 1_001 })).rejects.toThrow(ConfigurationError);
  await expect(here.router.calls.cancel(7 as never)).rejects.toThrow(/the number 7/);
  const { router } = await startServer({ options: { store: withoutIds(memoryStore()) } });
  await expect(router.sessions.list()).rejects.toThrow(/"ids"/);
});

test('without other nodes, calls are listed at once', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url, router } = await startServer({ mcp });
  const session: TestSession = await openSession(url, '2025-11-25');
  const calling = session.call('gate', {});
  await gate.begun();
  const { calls } = await router.calls.list({ timeoutMs: 60_000 });
  expect(await router.calls.cancel(String(calls[0]?.id))).toBe(true);
  await calling;
  await eventually('the call is over', async () => (await router.stats()).calls === 0);
});
