import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { memoryStore, type Observation, type RouterOptions } from 'mcp-express';
import { openSession, ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const PIECE = 'x'.repeat(100 * 1024);
const COUNT = 200;

/** One page of the log and one event: the memory that a slow client may use beyond the buffers of the kernel. */
const HELD = 512 * 1024;

async function stalled(bytes: number, options: RouterOptions = {}) {
  const store = memoryStore({ streams: { bytes } });
  const server = await startServer({ options: { store, keepAliveMs: 5, ...options } });
  const session = await openSession(server.url);
  const stream = await session.listen();
  const [socket] = [...server.sockets].filter(({ destroyed }) => !destroyed);
  if (socket === undefined) throw new Error('no connection');
  stream.response.pause();
  for (let number = 0; number < COUNT; number += 1) await say(store, session.id, { number, piece: PIECE });
  await eventually('the connection takes no more', () => socket.writableLength > 0);
  return { ...server, store, session, stream, socket };
}

describe('a client that does not read (R34, invariant 5)', () => {
  test('costs a cursor and one page, for any number of messages (R34)', async () => {
    const { stream, socket, store, session } = await stalled(4 * 1024 * 1024);
    let most = 0;
    for (let number = 0; number < COUNT; number += 1) {
      await say(store, session.id, { number: COUNT + number, piece: PIECE });
      most = Math.max(most, socket.writableLength);
    }
    expect(most).toBeLessThan(HELD);
    stream.destroy();
  });

  test('is not sent keep-alives on top of what it does not take (R34, R9)', async () => {
    const { socket, url } = await stalled(64 * 1024 * 1024);
    await eventually('nothing of the rest leaves any more', async () => {
      const before = socket.bytesWritten;
      for (let turn = 0; turn < 20; turn += 1) await nextTurn();
      return socket.writableLength > 0 && socket.bytesWritten === before;
    });
    const other = await openSession(url);
    const ticking = await other.listen();
    const before = socket.writableLength;
    const count = ticking.blocks.length;
    await ticking.until('fifty keep-alives on another stream', () => ticking.blocks.length > count + 50);
    expect(socket.writableLength).toBeLessThanOrEqual(before);
  });

  test('gets everything, in order and once, when it reads again and the store held it (R34)', async () => {
    const { stream } = await stalled(64 * 1024 * 1024);
    stream.response.resume();
    await stream.untilMessages(COUNT);
    expect(stream.messages.map(({ params }) => params.data.number)).toEqual(
      Array.from({ length: COUNT }, (_e, at) => at),
    );
  });

  test('loses nothing that was stored while it is connected; what has no room is refused to the writer (R34, R35)', async () => {
    const { stream, store, session } = await stalled(4 * 1024 * 1024);
    expect(await say(store, session.id, { number: COUNT, piece: PIECE })).toBe('full');
    stream.response.resume();
    await eventually('it has made room', async () => (await say(store, session.id, { number: 'last' })) === 'stored');
    await stream.until('the last message', () => stream.messages.at(-1)?.params.data.number === 'last');
    const numbers = stream.messages.slice(0, -1).map(({ params }) => params.data.number);
    expect(numbers.length).toBeLessThan(COUNT);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_each, at) => at));
    expect(stream.blocks.flatMap(({ comments }) => comments).filter((text) => text.trim() !== '')).toEqual([]);
  });

  test('that has left learns of a gap if the store dropped events, and continues with the newest (R34, DESIGN 7)', async () => {
    const { stream, store, session, router } = await stalled(4 * 1024 * 1024);
    const record = await store.sessions.read(session.id);
    stream.destroy();
    await eventually('the server has seen it', async () => (await router.stats()).streams === 0);
    for (let number = 0; number < COUNT; number += 1) await say(store, session.id, { number, piece: PIECE });
    const again = await session.resume(`${record?.standalone}.0`);
    await again.until('the last message', () => again.messages.at(-1)?.params.data.number === COUNT - 1);
    expect(again.messages.length).toBeLessThan(COUNT);
    const comments = again.blocks.flatMap(({ comments }) => comments).filter((text) => text.trim() !== '');
    expect(comments.length).toBeGreaterThan(0);
  });

  test('can come back on another connection and gets every message (R34, R7)', async () => {
    const { stream, session, store } = await stalled(64 * 1024 * 1024);
    const record = await store.sessions.read(session.id);
    stream.destroy();
    const again = await session.resume(`${record?.standalone}.0`);
    await again.untilMessages(COUNT);
    expect(again.messages.map(({ params }) => params.data.number)).toEqual(
      Array.from({ length: COUNT }, (_e, at) => at),
    );
  });

  test('is counted while it is waited for, and no longer when it reads again (R34)', async () => {
    const { stream, router } = await stalled(64 * 1024 * 1024);
    await eventually('it is counted', async () => (await router.stats()).slowReaders === 1);
    stream.response.resume();
    await stream.untilMessages(COUNT);
    await eventually('it has caught up', async () => (await router.stats()).slowReaders === 0);
    expect(await router.stats()).toMatchObject({ stalledReaders: 0, streams: 1 });
  });

  test('is cut when it takes nothing for `stallTimeoutMs`, counted and reported; it resumes the rest (R34)', async () => {
    const seen: Observation[] = [];
    const options = { stallTimeoutMs: 200, observe: (event: Observation) => void seen.push(event) };
    const { socket, sockets, router, session, store } = await stalled(64 * 1024 * 1024, options);
    await eventually('the server lets go of the connection', () => !sockets.has(socket));
    expect(await router.stats()).toMatchObject({ slowReaders: 0, stalledReaders: 1, streams: 0 });
    expect(seen.filter(({ type }) => type === 'stream-stalled')).toHaveLength(1);
    const record = await store.sessions.read(session.id);
    const again = await session.resume(`${record?.standalone}.0`);
    await again.untilMessages(COUNT);
    expect((await router.stats()).stalledReaders).toBe(1);
  });

  test('does not slow down other clients (R34)', async () => {
    const { url } = await stalled(64 * 1024 * 1024);
    const other = await openSession(url);
    const begun = performance.now();
    for (let round = 0; round < 50; round += 1) expect((await other.post(ping(round))).status).toBe(200);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('does not outlive its session: DELETE closes its connection too (R34, invariant 5)', async () => {
    const { session, socket, sockets } = await stalled(64 * 1024 * 1024);
    expect((await session.delete()).status).toBe(204);
    await eventually('the server lets go of the connection', () => !sockets.has(socket), 3_000);
  });

  test('of a call: endless messages of its handler are bounded too, and the answer comes last (R34, R33)', async () => {
    const mcp = testServer();
    mcp.registerTool('flood', {}, async (ctx) => {
      for (let step = 1; step <= 400; step += 1) {
        void ctx.progress(step, undefined, PIECE).catch(() => {});
        if (step % 5 === 0) await new Promise(setImmediate);
      }
      return 'flooded';
    });
    const store = memoryStore({ streams: { bytes: 4 * 1024 * 1024 } });
    const { url, sockets, router } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const stream = await session.callStream('flood', {}, 1, {
      progressToken: 1,
      headers: { accept: 'text/event-stream' },
    });
    stream.response.pause();
    const [socket] = [...sockets].filter(({ destroyed }) => !destroyed);
    await eventually('the handler is done', async () => (await router.stats()).calls === 0);
    expect(socket?.writableLength).toBeLessThan(HELD);
    stream.response.resume();
    expect(await stream.untilClosed()).toBe('end');
    expect(stream.messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: 'flooded' }] } });
    expect(stream.messages.filter(({ id }) => id === 1)).toHaveLength(1);
  });
});

describe('the terminal answer stays under pressure (DESIGN 7: "a terminal answer stays until it was delivered")', () => {
  test('notifications of another stream displace notifications, not an answer that was not delivered yet (R7)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const store = memoryStore({ streams: { bytes: 512 * 1024 } });
    const { url, router } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const stream = await session.callStream('gate', {}, 1, { headers: { accept: 'text/event-stream' } });
    const call = await gate.begun();
    await stream.until('an id to resume from', () => stream.lastId !== undefined);
    const from = String(stream.lastId);
    stream.reset();
    await eventually('the server has seen it', async () => (await router.stats()).streams === 0);
    call.resolve('precious');
    for (let number = 0; number < 50; number += 1) await say(store, session.id, { number, piece: PIECE });
    const resumed = await session.replay(from);
    expect(resumed.messages).toMatchObject([{ id: 1, result: { content: [{ text: 'precious' }] } }]);
  });
});
