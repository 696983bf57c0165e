import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ABLE, ASK_NAME, accepted, Client, REVISION, WITH_TASKS } from '../modern/alone.js';
import { RedisServer } from '../support/redis.js';
import { openSession, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

/*
 * Two nodes take strict turns, so that a request, and whatever belongs to it, are hardly ever on the same one.
 */

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.start();
});

afterAll(() => redis.remove());

async function start() {
  const mcp = testServer();
  const gate = addGate(mcp);
  mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ctx.elicit(ASK_NAME)));
  mcp.registerTool('later', { task: { required: true } }, async (ctx) => JSON.stringify(await ctx.elicit(ASK_NAME)));
  mcp.registerResource('note', 'note://1', {}, () => 'a note');
  const server = await startServer({ mcp, redis: redis.url });
  return { ...server, gate, client: new Client(server.url, { capabilities: ABLE }) };
}

describe.each(REVISIONS)('sessions of %s on two nodes', (revision) => {
  test('200 calls, a stream, a change, and the end, without a refusal in between (R1)', async () => {
    const { url, mcp } = await start();
    const session = await openSession(url, revision);
    const stream = await session.listen();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_each, i) => session.call('echo', { text: `${i}` }, i)),
    );
    expect(answers.map(({ json }) => json?.result?.content?.[0]?.text)).toEqual(answers.map((_each, i) => `${i}`));
    mcp.registerTool('another', {}, () => '');
    await stream.untilMessages(1);
    expect(stream.messages).toMatchObject([{ method: 'notifications/tools/list_changed' }]);
    expect((await session.delete()).status).toBe(204);
    expect([(await session.call('echo', {})).status, (await session.get()).status]).toEqual([404, 404]);
  });

  test('a call is cancelled through the node that does not run it (R17)', async () => {
    const { url, gate } = await start();
    const session = await openSession(url, revision);
    for (const id of [1, 2]) {
      void session.call('gate', {}, id).catch(() => {});
      const call = await gate.begun();
      expect((await session.cancel(id)).status).toBe(202);
      await call.aborted;
      call.resolve('');
    }
  });

  test('a stream is resumed on another node than the one that writes it (R7)', async () => {
    const { url, gate } = await start();
    const session = await openSession(url, revision);
    const calling = session.callStream('gate', {}, 5, { progressToken: 't' });
    const call = await gate.begun();
    void call.ctx.progress(1);
    const stream = await calling;
    await stream.untilMessages(1);
    const [here, there] = [await session.resume(String(stream.lastId)), await session.resume(String(stream.lastId))];
    expect(await here.untilClosed()).toBe('end');
    void call.ctx.progress(2);
    call.resolve('done');
    await there.untilClosed();
    expect(there.messages).toMatchObject([{ params: { progress: 2 } }, { result: { content: [{ text: 'done' }] } }]);
  });
});

test('a question is answered through the node that did not ask it (R1, R16)', async () => {
  const { url } = await start();
  const session = await openSession(url, '2025-11-25', {}, ABLE);
  for (const id of [1, 2]) {
    const stream = await session.callStream('ask', {}, id);
    await stream.untilMessages(1);
    const [question] = stream.messages;
    await session.post({ jsonrpc: '2.0', id: question?.id, result: accepted({ name: 'Ada' }) });
    await stream.untilClosed();
    expect(stream.messages.at(-1)?.result.content[0].text).toContain('Ada');
  }
});

describe(`requests of ${REVISION} on two nodes`, () => {
  test('rounds go on at another node, with a key that the nodes agreed on (R31)', async () => {
    const { client } = await start();
    for (let i = 0; i < 4; i += 1) {
      const params = { name: 'ask', arguments: {} };
      const first = await client.ask('tools/call', params);
      const [key] = Object.keys(first.json.result.inputRequests);
      const second = await client.again(params, first, { [String(key)]: accepted({ name: 'Ada' }) });
      expect(second.json.result.content[0].text).toContain('Ada');
    }
  });

  test('a task is looked at, answered and ended through any node', async () => {
    const { client } = await start();
    const tasks = client.as({ capabilities: { ...ABLE, ...WITH_TASKS } });
    const created = await tasks.call('later');
    const { taskId } = created.json.result;
    const look = async () => (await tasks.ask('tasks/get', { taskId })).json.result;
    await eventually('it asks', async () => (await look()).status === 'input_required');
    const [key] = Object.keys((await look()).inputRequests);
    await tasks.ask('tasks/update', { taskId, inputResponses: { [String(key)]: accepted({ name: 'Ada' }) } });
    await eventually('it is done', async () => (await look()).status === 'completed');
    expect(JSON.stringify(await look())).toContain('Ada');
  });

  test('a change told at one node reaches who listens at either, once (R30)', async () => {
    const { client, router } = await start();
    const wanted = { resourceSubscriptions: ['note://1'] };
    const streams = [await client.listen(wanted), await client.listen(wanted)];
    for (let i = 0; i < 20; i += 1) await router.notify.resourceUpdated('note://1');
    for (const stream of streams) {
      await stream.untilMessages(21);
      expect(stream.messages.slice(1).every(({ method }) => method === 'notifications/resources/updated')).toBe(true);
    }
  });
});
