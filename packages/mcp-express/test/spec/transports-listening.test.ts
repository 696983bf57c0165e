import { describe, expect, test } from '@jest/globals';
import { addGate } from '../support/test-tools.js';
import { ABLE, ask, isResponse, open, untilAsked } from './client.js';
import { ALL, NEWEST_ONLY } from './requirement.js';
import { specServer } from './server.js';

const CALLS = ['one', 'two'] as const;

/** A session whose GET stream and two calls are open. */
async function busy(revision: string) {
  const mcp = specServer();
  const gate = addGate(mcp);
  const opened = await open({ revision, mcp, capabilities: ABLE });
  const { session } = opened;
  const own = await session.listen();
  const streams = [];
  const calls = [];
  for (const id of CALLS) {
    const headers = { accept: 'text/event-stream' };
    streams.push(await session.callStream('gate', {}, id, { progressToken: `token of ${id}`, headers }));
    calls.push(await gate.begun());
  }
  return { ...opened, own, streams, calls };
}

describe('GET', () => {
  test.each(ALL)('%s: it is answered by a stream [transports.get-stream-or-405]', async (revision) => {
    const { session } = await open({ revision });
    const { status, headers } = await session.listen();
    expect([status, headers['content-type']]).toEqual([200, expect.stringMatching(/^text\/event-stream/)]);
  });

  test.each(ALL)(
    '%s: no response comes on it, however many calls end meanwhile [transports.get-no-response]',
    async (revision) => {
      const { own, mcp, calls, streams, session } = await busy(revision);
      for (const call of calls) call.resolve('done');
      for (const stream of streams) await stream.untilClosed();
      await session.call('echo', { text: 'x' });
      mcp.registerTool('new', {}, () => 'x');
      await own.untilMessages(1);
      expect(own.messages.filter(isResponse)).toEqual([]);
    },
  );

  test.each(ALL)(
    '%s: the response of another stream does not come when it is resumed [transports.get-no-response, transports.replay-own-stream]',
    async (revision) => {
      const { own, mcp, router, session, calls, streams } = await busy(revision);
      await ask(session, 'resources/subscribe', { uri: 'spec://text' });
      await router.notify.resourceUpdated('spec://text');
      await own.untilMessages(1);
      own.reset();
      for (const call of calls) call.resolve('done');
      for (const stream of streams) await stream.untilClosed();
      const resumed = await session.resume(String(own.lastId));
      mcp.registerTool('new', {}, () => 'x');
      await resumed.untilMessages(1);
      expect(resumed.messages).toEqual([{ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }]);
    },
  );

  test.each(ALL)(
    '%s: requests to the client come on the stream of their call [transports.get-unrelated-messages]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      const own = await session.listen();
      const { stream, asked } = await untilAsked(session, 'roots', {});
      await session.post({ jsonrpc: '2.0', id: asked.id, result: { roots: [] } });
      await stream.untilClosed();
      expect(own.messages).toEqual([]);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: when the server goes, it tells a retry time [transports.get-retry-before-close]',
    async (revision) => {
      const { session, router } = await open({ revision, options: { retryMs: 4321 } });
      const own = await session.listen();
      await router.close();
      expect(await own.untilClosed()).toBe('end');
      // Time for another process to start, and not the same for all clients.
      const retryMs = own.blocks.at(-1)?.retry;
      expect(retryMs).toBeGreaterThanOrEqual(10_000);
      expect(retryMs).toBeLessThanOrEqual(20_000);
    },
  );
});

describe('several streams', () => {
  test.each(ALL)(
    '%s: every message is on one of them [transports.one-stream-per-message, transports.no-broadcast]',
    async (revision) => {
      const { own, mcp, calls, streams } = await busy(revision);
      for (const call of calls) {
        await call.ctx.progress(1);
        await call.ctx.log('error', call.ctx.request.headers['mcp-session-id']);
      }
      mcp.registerTool('new', {}, () => 'x');
      await own.untilMessages(1);
      for (const call of calls) call.resolve('done');
      for (const stream of streams) await stream.untilClosed();
      expect(own.messages).toHaveLength(1);
      for (const [index, id] of CALLS.entries()) {
        expect(streams[index]?.messages).toMatchObject([
          { method: 'notifications/progress', params: { progressToken: `token of ${id}` } },
          { method: 'notifications/message' },
          { id },
        ]);
      }
    },
  );

  test.each(ALL)(
    '%s: of two GETs at once, one has each message [transports.one-stream-per-message, transports.no-broadcast]',
    async (revision) => {
      const { session, mcp } = await open({ revision });
      const streams = [await session.listen(), await session.listen(), await session.listen()];
      const count = () => streams.reduce((sum, { messages }) => sum + messages.length, 0);
      for (let round = 1; round <= 5; round += 1) {
        mcp.registerTool(`new-${round}`, {}, () => 'x');
        await streams[2]?.untilMessages(round);
        expect(count()).toBe(round);
      }
    },
  );
});
