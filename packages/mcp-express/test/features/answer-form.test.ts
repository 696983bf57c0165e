import { describe, expect, test } from '@jest/globals';
import type { Observation } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { addBurst, addGate, testServer } from '../support/test-tools.js';
import { messagesIn, openWire } from './wire-session.js';

const JSON_ONLY = { accept: 'application/json' };

async function start() {
  const mcp = testServer();
  addBurst(mcp);
  const gate = addGate(mcp);
  mcp.registerTool('log', {}, async (ctx) => {
    await ctx.log('error', { code: 5 }, 'tester');
    return 'logged';
  });
  const seen: Observation[] = [];
  const server = await startServer({ mcp, options: { observe: (event) => seen.push(event) } });
  const dropped = () => seen.flatMap((event) => (event.type === 'notification-dropped' ? [event.method] : []));
  return { ...server, gate, seen, dropped, session: await openWire(server.url) };
}

describe('the form of an answer follows what is said (R47)', () => {
  test('a call that emits nothing is one JSON body (R47)', async () => {
    const { session } = await start();
    const answer = await session.call('echo', { text: 'x' });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
  });

  test('a call that emits progress is a stream with every frame (R47)', async () => {
    const { session, dropped } = await start();
    const answer = await session.call('burst', { count: 5 }, 1, { progressToken: 'p' });
    expect(answer.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(messagesIn(answer).map(({ params, id }) => params?.progress ?? id)).toEqual([0, 1, 2, 3, 4, 1]);
    expect(dropped()).toEqual([]);
  });

  test('progress that nobody asked for makes no stream (R47)', async () => {
    const { session, dropped } = await start();
    const answer = await session.call('burst', { count: 5 });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(dropped()).toEqual([]);
  });

  test('a log message makes a stream (R47)', async () => {
    const { session } = await start();
    const messages = messagesIn(await session.call('log'));
    expect(messages).toMatchObject([
      { method: 'notifications/message', params: { level: 'error', logger: 'tester', data: { code: 5 } } },
      { id: 1, result: {} },
    ]);
  });

  test('a call that is silent but slow becomes a stream, and its answer is the same (R47, R43)', async () => {
    const { session, gate } = await start();
    const stream = await session.callStream('gate', {}, 4);
    (await gate.begun()).resolve('slow');
    await stream.untilClosed();
    expect(stream.messages).toEqual([{ jsonrpc: '2.0', id: 4, result: { content: [{ type: 'text', text: 'slow' }] } }]);
  });
});

describe('a client that takes only JSON (R47)', () => {
  test('gets its result in JSON, and each notification that could not be sent is observed (R47)', async () => {
    const { session, dropped } = await start();
    const answer = await session.call('burst', { count: 5 }, 1, { progressToken: 'p', headers: JSON_ONLY });
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.json.result.content).toEqual([{ type: 'text', text: 'done' }]);
    expect(dropped()).toEqual(Array.from({ length: 5 }, () => 'notifications/progress'));
  });

  test('awaiting a notification that cannot be sent does not hang (R47)', async () => {
    const { session, dropped } = await start();
    const answer = await session.call('log', {}, 1, { headers: JSON_ONLY });
    expect(answer.json.result.content[0].text).toBe('logged');
    expect(dropped()).toEqual(['notifications/message']);
  });

  test('waits as long as a call takes, in JSON (R47)', async () => {
    const { session, gate } = await start();
    const calling = session.call('gate', {}, 1, { headers: JSON_ONLY });
    const call = await gate.begun();
    expect(call.ctx.closeStream()).toBe(false);
    for (let round = 0; round < 5; round += 1) await session.tool('echo', { text: 'x' });
    call.resolve('done');
    expect((await calling).json.result.content[0].text).toBe('done');
  });

  test('what is dropped is observed without the id of the session in clear (R50)', async () => {
    const { session, seen } = await start();
    await session.call('log', {}, 1, { headers: JSON_ONLY });
    expect(JSON.stringify(seen)).not.toContain(session.id);
  });
});
