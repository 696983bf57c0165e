import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addGate, testServer } from '../support/test-tools.js';
import { answersOn, CAPABLE, messagesIn, openWire, requestOn, textOf } from './wire-session.js';

const OLD = '2025-03-26';

async function start() {
  const mcp = testServer();
  const gate = addGate(mcp);
  let rootsChanged = 0;
  mcp.onRootsChanged(() => {
    rootsChanged += 1;
  });
  mcp.registerTool('ask', {}, async (ctx) => (await ctx.roots()).map(({ uri }) => uri).join());
  const server = await startServer({ mcp });
  const session = await openWire(server.url, { revision: OLD, capabilities: CAPABLE });
  return { ...server, gate, session, rootsChanged: () => rootsChanged };
}

describe('a batch of 2025-03-26 may mix everything (MCP 2025-03-26, Batching)', () => {
  test('requests, notifications, responses and an answer to an open question all have their effect, each request one answer', async () => {
    const { session, rootsChanged, gate } = await start();
    const asking = await session.callStream('ask', {}, 'asker');
    const question = await requestOn(asking, 'roots/list');
    const gated = session.call('gate', {}, 'gated');
    const running = await gate.begun();
    const answer = await session.post([
      toolCall('echo', { text: 'one' }, 1),
      { jsonrpc: '2.0', method: 'notifications/roots/list_changed' },
      { jsonrpc: '2.0', id: question.id, result: { roots: [{ uri: 'file:///a' }] } },
      { jsonrpc: '2.0', id: 2, method: 'tools/list' },
      { jsonrpc: '2.0', id: 'nobody', result: {} },
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'gated' } },
      { jsonrpc: '2.0', id: 3, method: 'no/such' },
      { jsonrpc: '2.0', id: 4, method: 'tools/call', params: { name: 'echo', arguments: {} } },
    ]);
    expect(answer.status).toBe(200);
    const messages = messagesIn(answer);
    expect(messages.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4]);
    const byId = new Map(messages.map((message) => [message.id, message]));
    expect(textOf(byId.get(1).result)).toBe('one');
    expect(byId.get(3).error.code).toBe(-32601);
    expect(byId.get(4).result.isError).toBe(true);
    await asking.untilClosed();
    expect(textOf(answersOn(asking)[0].result)).toBe('file:///a');
    await running.aborted;
    expect((await gated).text).toBe('');
    expect(rootsChanged()).toBe(1);
  });

  test('questions of a batched call come on the stream of the batch, and are answered in a batch', async () => {
    const { session } = await start();
    const stream = await session.stream([
      toolCall('ask', {}, 1),
      toolCall('ask', {}, 2),
      toolCall('echo', { text: 'x' }, 3),
    ]);
    await requestOn(stream, 'roots/list', 2);
    const questions = stream.messages.filter(({ method }) => method === 'roots/list');
    const answered = await session.post(
      questions.map(({ id }, at) => ({ jsonrpc: '2.0', id, result: { roots: [{ uri: `file:///${at}` }] } })),
    );
    expect([answered.status, answered.text]).toEqual([202, '']);
    await stream.untilClosed();
    const answers = answersOn(stream);
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, 3]);
    expect(answers.filter(({ id }) => id !== 3).map(({ result }) => textOf(result))).toEqual([
      'file:///0',
      'file:///1',
    ]);
  });

  test('the same id twice in a batch is answered twice (R28)', async () => {
    const { session } = await start();
    const answer = await session.post([toolCall('echo', { text: 'a' }, 1), toolCall('echo', { text: 'b' }, 1)]);
    const messages = messagesIn(answer);
    expect(messages.map(({ id, result }) => [id, textOf(result)])).toEqual([
      [1, 'a'],
      [1, 'b'],
    ]);
  });

  test('a call of a batch that cannot be answered well does not keep the others from theirs (invariant 1)', async () => {
    const mcp = new McpServer({ name: 'b', version: '1' });
    mcp.registerTool('bad', {}, () => {
      throw undefined;
    });
    mcp.registerTool('good', {}, () => 'good');
    const { url } = await startServer({ mcp });
    const session = await openWire(url, { revision: OLD });
    const messages = messagesIn(await session.post([toolCall('bad', {}, 1), toolCall('good', {}, 2)]));
    expect(messages.map(({ id }) => id).sort()).toEqual([1, 2]);
  });
});
