import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { Modern } from '../../spec/modern/client.js';
import { openSession, ping } from '../../support/session.js';
import { startServer, type TestServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { eventually, within } from '../../support/wait.js';
import { mistake } from './mistakes.js';

/** More than the kernel takes of one connection. */
const PIECES = 300;
const PIECE = 'x'.repeat(100_000);
const SSE = { accept: 'text/event-stream' };

/** A tool that says more than a connection takes at once. */
async function serving() {
  const mcp = testServer();
  const seen = { done: 0 };
  mcp.registerTool('much', { inputSchema: { type: 'object' } }, async (_args, ctx) => {
    for (let step = 1; step <= PIECES; step += 1) await ctx.progress(step, PIECES, PIECE);
    seen.done += 1;
    return PIECE;
  });
  const store = memoryStore({ streams: { bytes: 64 * 1024 * 1024 } });
  return { ...(await startServer({ mcp, options: { store } })), seen };
}

const isFull = (sockets: TestServer['sockets']): boolean =>
  [...sockets].some(({ writableLength }) => writableLength > 0);

type Streams = Awaited<ReturnType<typeof openOne>>;

async function openOne(url: string, era: string) {
  const session = await openSession(url);
  const asked = { progressToken: 't', headers: SSE };
  const alone = new Modern(url, { meta: { progressToken: 't' } });
  const stream = era === 'sessions' ? await session.callStream('much', {}, 1, asked) : await alone.callStream('much');
  await stream.untilMessages(1);
  stream.response.pause();
  return { session, stream };
}

const heardOn = ({ stream }: Streams): unknown[] => stream.messages.map(({ params, id }) => params?.progress ?? id);
const ALL = [...Array.from({ length: PIECES }, (_each, index) => index + 1), 1];

mistake('write() of false taken for a disconnect', () => {
  test('whoever pauses and reads again gets everything to the result, in order (R34)', async () => {
    const { url, sockets } = await serving();
    const opened = await openOne(url, 'sessions');
    await eventually('the connection takes no more', () => isFull(sockets));
    opened.stream.response.resume();
    expect(await opened.stream.untilClosed()).toBe('end');
    expect(heardOn(opened)).toEqual(ALL);
  });

  test('in 2026-07-28 too, and the handler waits meanwhile (R34)', async () => {
    const { url, sockets, seen } = await serving();
    const opened = await openOne(url, '2026-07-28');
    await eventually('the connection takes no more', () => isFull(sockets));
    expect(seen.done).toBe(0);
    opened.stream.response.resume();
    expect(await opened.stream.untilClosed()).toBe('end');
    expect(heardOn(opened)).toEqual(ALL);
    expect(opened.stream.messages.at(-1)).toMatchObject({ id: 1, result: { content: [{ text: PIECE }] } });
  });
});

mistake('waiting for drain for ever', () => {
  test('what is said to who does not read is said all the same, and can be had elsewhere (R34, R7)', async () => {
    const { url, seen, sockets } = await serving();
    const opened = await openOne(url, 'sessions');
    await eventually('the connection takes no more', () => isFull(sockets));
    await eventually('the handler is done', () => seen.done === 1);
    expect((await opened.session.post(ping(2))).status).toBe(200);
    const again = await opened.session.replay(String(opened.stream.ids[0]));
    expect(heardOn({ ...opened, stream: again })).toEqual(ALL);
  });

  test.each(['sessions', '2026-07-28'])(
    'who leaves without reading leaves nothing behind, in %s (R23, R34)',
    async (era) => {
      const { url, router, sockets, seen } = await serving();
      const { stream } = await openOne(url, era);
      await eventually('the connection takes no more', () => isFull(sockets));
      if (era === 'sessions') await eventually('all is said', () => seen.done === 1);
      stream.destroy();
      await eventually('nothing is left', async () => {
        const { calls, streams } = await router.stats();
        return calls + streams + sockets.size === 0;
      });
    },
  );

  test('a server that closes does not wait for it (R38)', async () => {
    const { url, close, sockets } = await serving();
    await openOne(url, 'sessions');
    await eventually('the connection takes no more', () => isFull(sockets));
    await within('the end of the server', close({ graceMs: 100 }), 8_000);
    await eventually('its connection is gone', () => sockets.size === 0);
  });
});
