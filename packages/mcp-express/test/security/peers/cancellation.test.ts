import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { Modern } from '../../spec/modern/client.js';
import { openSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { addGate, testServer } from '../../support/test-tools.js';
import { eventually, within } from '../../support/wait.js';
import { mistake } from './mistakes.js';

const SSE = { accept: 'text/event-stream' };
const SOON_MS = 1_000;

mistake('a cancel that reaches nothing', () => {
  test('notifications/cancelled on another connection, at another node, ends the work and its stream (R17)', async () => {
    const store = memoryStore();
    const [runs, other] = [testServer(), testServer()];
    const gate = addGate(runs);
    addGate(other);
    const a = await startServer({ mcp: runs, options: { store } });
    const b = await startServer({ mcp: other, options: { store } });
    const session = await openSession(a.url);
    for (const at of [a, b]) {
      const stream = await session.callStream('gate', {}, 'c', { headers: SSE });
      const call = await gate.begun();
      expect((await session.via(at.url).cancel('c')).status).toBe(202);
      await within('the abort', call.aborted, SOON_MS);
      call.resolve('too late');
      expect(await stream.untilClosed(SOON_MS)).toBe('end');
      expect(stream.messages).toEqual([]);
    }
    await eventually('nothing runs', async () => (await a.router.stats()).calls === 0);
  });

  test.each(['as a stream', 'as JSON'])(
    'a request of 2026-07-28, answered %s, is cancelled when its client leaves (R17)',
    async (how) => {
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url, router, sockets } = await startServer({
        mcp,
        options: { sseAfterMs: how === 'as JSON' ? Infinity : 0 },
      });
      const client = new Modern(url);
      const asked = how === 'as JSON' ? client.call('gate') : client.callStream('gate');
      const call = await gate.begun();
      void asked.catch(() => undefined);
      if (how === 'as JSON') for (const socket of sockets) socket.destroy();
      else ((await asked) as Awaited<ReturnType<Modern['callStream']>>).destroy();
      await within('the abort', call.aborted, SOON_MS);
      call.resolve('too late');
      await eventually('nothing runs', async () => (await router.stats()).calls === 0);
    },
  );
});
