import { describe, expect, test } from '@jest/globals';
import type { RequestHandler, Response } from 'express';
import { memoryStore } from 'mcp-express';
import { openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { eventually } from '../support/wait.js';

/** Replaces `write` by one that returns this value instead of Node's. */
function returning(value: unknown): RequestHandler {
  return (_request, response: Response, next) => {
    const write = response.write.bind(response) as (...args: unknown[]) => boolean;
    response.write = ((...args: unknown[]) => {
      write(...args);
      return value;
    }) as typeof response.write;
    next();
  };
}

const COUNT = 60;
const PIECE = 'x'.repeat(100 * 1024);

describe.each<[string, unknown]>([
  ['undefined', undefined],
  ['true', true],
  ['a promise', Promise.resolve()],
  ['null', null],
  ['0', 0],
])('a write that returns %s', (_what, value) => {
  test('does not stop a stream (R34)', async () => {
    const store = memoryStore();
    const { url, router } = await startServer({ options: { store, stallTimeoutMs: 300 }, before: [returning(value)] });
    const session = await openSession(url);
    const stream = await session.listen();
    for (let number = 0; number < COUNT; number += 1) {
      await say(store, session.id, { number });
      await stream.untilMessages(number + 1);
    }
    expect(stream.messages.map(({ params }) => params.data.number)).toEqual(
      Array.from({ length: COUNT }, (_e, at) => at),
    );
    expect(await router.stats()).toMatchObject({ stalledReaders: 0, slowReaders: 0 });
  });
});

test('a client that takes nothing is waited for although write returns nothing, and gets all when it reads (R34)', async () => {
  const store = memoryStore({ streams: { bytes: 64 * 1024 * 1024 } });
  const server = await startServer({ options: { store }, before: [returning(undefined)] });
  const session = await openSession(server.url);
  const stream = await session.listen();
  const [socket] = [...server.sockets].filter(({ destroyed }) => !destroyed);
  if (socket === undefined) throw new Error('no connection');
  stream.response.pause();
  let most = 0;
  for (let number = 0; number < 3 * COUNT; number += 1) {
    await say(store, session.id, { number, piece: PIECE });
    most = Math.max(most, socket.writableLength);
  }
  await eventually('the connection takes no more', () => socket.writableLength > 0);
  // One page and one event: the rest waits in the log.
  expect(most).toBeLessThan(512 * 1024);
  expect((await server.router.stats()).slowReaders).toBe(1);
  stream.response.resume();
  await stream.untilMessages(3 * COUNT);
  expect(stream.messages.map(({ params }) => params.data.number)).toEqual(
    Array.from({ length: 3 * COUNT }, (_e, at) => at),
  );
});
