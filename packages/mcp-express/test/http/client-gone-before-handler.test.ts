import { describe, expect, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { type McpRouter, memoryStore } from 'mcp-express';
import { begin, type RawRequest } from '../support/raw-client.js';
import { openSession, toolCall } from '../support/session.js';
import { EXPRESS_MAJORS, startServer } from '../support/start-server.js';
import { altered, say } from '../support/stores.js';
import { addBurst, addGate, testServer } from '../support/test-tools.js';
import { deferred, eventually } from '../support/wait.js';

/** Passes a request on only after its client has left, as slow authentication does. */
function afterTheClientLeft() {
  const held = { count: 0 };
  const handler: RequestHandler = (request, response, next) => {
    if (request.get('x-wait') === undefined) return next();
    held.count += 1;
    response.once('close', () => {
      held.count -= 1;
      next();
    });
  };
  return { held, handler };
}

async function atRest(router: McpRouter, sessions: number): Promise<void> {
  await eventually('everything is back at rest', async () => {
    const stats = await router.stats();
    return stats.calls === 0 && stats.streams === 0 && stats.sessions === sessions;
  });
}

describe.each(EXPRESS_MAJORS)(
  'a client that left before its request was looked at, on Express %d (R23, style 3b)',
  (major) => {
    test.each([
      ['a quick call', (): RawRequest => ({ body: toolCall('echo', { text: 'x' }) })],
      ['a call with progress', () => ({ body: toolCall('burst', { count: 3 }, 1, 't') })],
      [
        'a call that takes only a stream',
        () => ({ body: toolCall('echo', { text: 'x' }), headers: { accept: 'text/event-stream' } }),
      ],
      ['a GET', () => ({ method: 'GET' })],
      ['a resume', (id: string) => ({ method: 'GET', headers: { 'last-event-id': id } })],
      ['a DELETE of nothing', () => ({ method: 'DELETE', headers: { 'mcp-session-id': 'A'.repeat(32) } })],
    ] as readonly (readonly [string, (id: string) => RawRequest])[])(
      '%s leaves no stream, call or reader behind',
      async (_what, requestOf) => {
        const store = memoryStore();
        const door = afterTheClientLeft();
        const mcp = testServer();
        addBurst(mcp);
        const { url, router, sockets } = await startServer({
          mcp,
          express: major,
          before: [express.json(), door.handler],
          options: { store },
        });
        const session = await openSession(url);
        const listening = await session.listen();
        await say(store, session.id, 1, 2);
        await listening.untilMessages(2);
        listening.destroy();
        await atRest(router, 1);
        const { headers, ...rest } = requestOf(String(listening.ids[0]));
        for (let round = 0; round < 5; round += 1) {
          const request = begin(url, { ...rest, headers: { ...session.headers, 'x-wait': '1', ...headers } });
          await eventually('it has arrived', () => door.held.count === 1);
          request.destroy();
          await eventually('the server has seen it leave', () => sockets.size === 0);
        }
        await atRest(router, 1);
        // The session is intact, and its messages are still there.
        const again = await session.listen();
        await say(store, session.id, 3);
        await again.untilMessages(1);
      },
    );
  },
);

describe('a client that leaves at other moments (R23)', () => {
  test('in the middle of its body', async () => {
    const { url, router, sockets } = await startServer();
    const session = await openSession(url);
    const request = begin(url, {
      headers: { ...session.headers, 'content-type': 'application/json', 'content-length': '100' },
    });
    request.write('{"jsonrpc"');
    await eventually('it has arrived', () => [...sockets].some(({ bytesRead }) => bytesRead > 150));
    request.destroy();
    await eventually('the server has seen it', () => sockets.size === 0);
    await atRest(router, 1);
  });

  test('while the store opens its stream: the stream is opened, has no reader, and can be resumed (R7)', async () => {
    const inner = memoryStore();
    const opening = deferred();
    const opened: string[] = [];
    const store = altered(inner, {
      streams: {
        open: async (key) => {
          opened.push(key.stream);
          await opening.promise;
          await inner.streams.open(key);
        },
      },
    });
    const mcp = testServer();
    addBurst(mcp);
    const { url, router, sockets } = await startServer({ mcp, options: { store } });
    const session = await openSession(url);
    const request = begin(url, { body: toolCall('burst', { count: 3 }, 1, 't'), headers: session.headers });
    await eventually('the stream is being opened', () => opened.length === 1);
    request.destroy();
    await eventually('the server has seen it', () => sockets.size === 0);
    opening.resolve();
    await atRest(router, 1);
    const replay = await session.replay(`${opened[0]}.0`);
    expect(replay.messages).toHaveLength(4);
  });

  test('close does not wait for clients that have left: the writer resolves (style 3b)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router } = await startServer({ mcp });
    const session = await openSession(url);
    const stream = await session.callStream('gate', {}, 1, { headers: { accept: 'text/event-stream' } });
    (await gate.begun()).resolve('x');
    const listening = await session.listen();
    await stream.untilClosed();
    listening.reset();
    await atRest(router, 1);
    const begun = performance.now();
    await router.close({ graceMs: 60_000 });
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  test('a hundred streams that came and went leave the server as it was (R23)', async () => {
    const mcp = testServer();
    const gate = addGate(mcp);
    const { url, router, sockets } = await startServer({ mcp });
    const session = await openSession(url);
    for (let round = 0; round < 50; round += 1) {
      const listening = await session.listen();
      const calling = await session.callStream('gate', {}, round, { headers: { accept: 'text/event-stream' } });
      const call = await gate.begun();
      if (round % 2 === 0) calling.reset();
      else calling.destroy();
      listening.reset();
      call.resolve('x');
    }
    await eventually('all connections are gone', () => sockets.size === 0);
    await atRest(router, 1);
  });
});
