import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { mcpRouter, memoryStore, type Observation, type RouterOptions, serve } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import type { SseStream } from '../support/raw-client.js';
import { openSession, REVISIONS, type TestSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { testServer } from '../support/test-tools.js';
import { eventually, within } from '../support/wait.js';

/** Listens like a client that reconnects whenever its stream ends, retries twice after a refusal, and then gives up. */
class Listener {
  readonly statuses: number[] = [];
  stream: SseStream | undefined;

  constructor(private readonly session: TestSession) {}

  async run(): Promise<void> {
    for (let tries = 0; tries < 2; ) {
      try {
        this.stream = await this.session.listen();
        this.statuses.push(200);
        tries = 0;
      } catch (cause) {
        this.statuses.push(Number(/not a stream: (\d+)/.exec(String(cause))?.[1]));
        tries += 1;
        continue;
      }
      await this.stream.untilClosed(60_000);
    }
  }
}

/** Two nodes with one store, each on a port of its own. */
async function twoPorts(options: RouterOptions) {
  const nodes = [testServer(), testServer()].map((mcp) => mcpRouter(mcp, options));
  const servers = await Promise.all(nodes.map((node) => serve(express().use(node), { port: 0 })));
  for (const { close } of servers) onCleanup(() => close({ graceMs: 0 }));
  return servers.map(({ port }) => `http://127.0.0.1:${port}/mcp`) as [string, string];
}

const isSuperseded = ({ type }: Observation): boolean => type === 'stream-superseded';

describe('two connections that both listen come to rest (R12, R13)', () => {
  test.each(REVISIONS)('on one node, in %s', async (revision) => {
    const seen: Observation[] = [];
    const { url, router } = await startServer({ options: { observe: (event) => seen.push(event) } });
    const session = await openSession(url, revision);
    const listeners = [new Listener(session), new Listener(session)];
    await within('one gives up', Promise.race(listeners.map((listener) => listener.run())));
    expect(seen.filter(isSuperseded)).toHaveLength(4);
    const refused = seen.filter((event) => event.type === 'refused');
    expect(refused).toMatchObject([{ error: 'stream-taken', status: 409 }, { error: 'stream-taken' }]);
    expect((await router.stats()).streams).toBe(1);
  });

  test('on two nodes: each counts what the other saw', async () => {
    const seen: Observation[] = [];
    const store = memoryStore();
    onCleanup(() => store.close());
    const [one, two] = await twoPorts({ store, observe: (event) => seen.push(event) });
    const session = await openSession(one);
    const listeners = [new Listener(session), new Listener(session.via(two))];
    await within('one gives up', Promise.race(listeners.map((listener) => listener.run())));
    expect(seen.filter(isSuperseded).length).toBeLessThanOrEqual(6);
    const left = listeners.find(({ stream }) => stream?.closed === undefined)?.stream;
    await say(store, session.id, 'heard');
    await left?.untilMessages(1);
  });

  test('also to the stream of one call, which both resume', async () => {
    const mcp = testServer();
    mcp.registerTool(
      'waits',
      {},
      (ctx) => new Promise((resolve) => ctx.signal.addEventListener('abort', () => resolve(''))),
    );
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const stream = await session.callStream('waits', {}, 1, { headers: { accept: 'text/event-stream' } });
    await stream.until('the priming event', () => stream.lastId !== undefined);
    const id = String(stream.lastId);
    for (let round = 0; round < 4; round += 1) await session.resume(id);
    expect((await session.get({ 'last-event-id': id })).status).toBe(409);
  });
});

describe('a connection that comes back takes over at once (R12)', () => {
  const taken = async (session: TestSession, times: number): Promise<SseStream[]> => {
    const streams: SseStream[] = [];
    for (let time = 0; time < times; time += 1) streams.push(await session.listen());
    return streams;
  };

  test('four times in a row, and again once a message was delivered', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    const streams = await taken(session, 5);
    const refused = await session.get();
    expect([refused.status, refused.json.error.data.reason]).toEqual([409, 'stream-taken']);
    expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    await say(store, session.id, 'a word');
    await streams.at(-1)?.untilMessages(1);
    await taken(session, 5);
    expect((await session.get()).status).toBe(409);
  });

  test('and as often as it likes when each stream has shown something', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    for (let time = 0; time < 12; time += 1) {
      const stream = await session.listen();
      await say(store, session.id, time);
      await stream.untilMessages(1);
    }
  });

  test('and when the one that had the stream has left, on whichever node', async () => {
    const store = memoryStore();
    onCleanup(() => store.close());
    const [one, two] = await twoPorts({ store });
    const session = await openSession(one);
    const streams = await taken(session, 5);
    expect((await session.via(two).get()).status).toBe(409);
    streams.at(-1)?.destroy();
    await eventually('the other node has heard of it', async () => {
      try {
        await session.via(two).listen();
        return true;
      } catch {
        return false;
      }
    });
  });

  test('and one session does not count for another (invariant 3)', async () => {
    const { url } = await startServer();
    const [one, other] = [await openSession(url), await openSession(url)];
    await taken(one, 5);
    expect((await one.get()).status).toBe(409);
    await other.listen();
  });
});
