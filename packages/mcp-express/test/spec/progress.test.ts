import { describe, expect, test } from '@jest/globals';
import type { JsonBody } from '../support/raw-client.js';
import { addGate } from '../support/test-tools.js';
import { open } from './client.js';
import { ALL } from './requirement.js';
import { specServer } from './server.js';

const SSE_ONLY = { accept: 'text/event-stream' };

const progressIn = (messages: readonly JsonBody[]) =>
  messages.filter(({ method }) => method === 'notifications/progress').map(({ params }) => params);

describe('progress', () => {
  test.each(ALL)('%s: each value is greater than the last [progress.increases]', async (revision) => {
    const { session } = await open({ revision });
    const values = [0, 1, 1, 0.5, 2.5, -3, 2.5, 10, 100];
    const stream = await session.callStream('progress', { values }, 1, { progressToken: 't' });
    await stream.untilClosed();
    expect(progressIn(stream.messages).map(({ progress }) => progress)).toEqual([0, 1, 2.5, 10, 100]);
  });

  test.each(ALL)(
    '%s: it increases with the heartbeats of a silent call too [progress.increases, progress.token-in-progress]',
    async (revision) => {
      const mcp = specServer();
      const gate = addGate(mcp);
      const { session } = await open({ revision, mcp, options: { progressHeartbeatMs: 5 } });
      const stream = await session.callStream('gate', {}, 'g', { progressToken: 't', headers: SSE_ONLY });
      const call = await gate.begun();
      await stream.untilMessages(3);
      await call.ctx.progress(1);
      await stream.until('heartbeats after a value', () => (stream.messages.at(-1)?.params.progress ?? 0) > 1);
      call.resolve('done');
      await stream.untilClosed();
      const values = progressIn(stream.messages).map(({ progress }) => progress);
      expect(values).toEqual([...new Set(values)].sort((one, other) => one - other));
    },
  );

  test.each(ALL)('%s: its message and total are sent as given [progress.message]', async (revision) => {
    const { session } = await open({ revision });
    const stream = await session.callStream('progress', { values: [7] }, 1, { progressToken: 't' });
    await stream.untilClosed();
    expect(progressIn(stream.messages)).toEqual([{ progressToken: 't', progress: 7, total: 100, message: 'at 7' }]);
  });

  test.each(ALL)(
    '%s: it names the token of its own call, type and all [progress.token-given, progress.tokens-tracked]',
    async (revision) => {
      const { session } = await open({ revision });
      const tokens = ['1', 1, 'x', 0, ''];
      const streams = await Promise.all(
        tokens.map((progressToken, id) => session.callStream('progress', { values: [1, 2] }, id, { progressToken })),
      );
      for (const [index, stream] of streams.entries()) {
        await stream.untilClosed();
        const named = progressIn(stream.messages).map(({ progressToken }) => progressToken);
        expect(named).toEqual([tokens[index], tokens[index]]);
      }
    },
  );

  test.each(ALL)('%s: without a token there is none [progress.token-given]', async (revision) => {
    const { session } = await open({ revision, options: { progressHeartbeatMs: 5 } });
    const stream = await session.callStream('progress', { values: [1, 2] }, 1, { headers: SSE_ONLY });
    await stream.untilClosed();
    expect(stream.messages).toMatchObject([{ id: 1, result: {} }]);
  });

  test.each(ALL)('%s: none follows the answer [progress.stops, progress.token-in-progress]', async (revision) => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { session } = await open({ revision, mcp, options: { progressHeartbeatMs: 5 } });
    const own = await session.listen();
    const stream = await session.callStream('gate', {}, 'g', { progressToken: 't', headers: SSE_ONLY });
    const call = await gate.begun();
    await call.ctx.progress(1);
    call.resolve('done');
    await stream.untilClosed();
    await call.ctx.progress(2);
    mcp.registerTool('new', {}, () => 'x');
    await own.untilMessages(1);
    expect(stream.messages.at(-1)).toMatchObject({ id: 'g', result: {} });
    expect(progressIn(own.messages)).toEqual([]);
    expect(
      progressIn((await session.replay(String(stream.ids[0]))).messages).every(({ progress }) => progress < 2),
    ).toBe(true);
  });

  test.each(ALL)('%s: none follows a cancellation [progress.token-in-progress]', async (revision) => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { session } = await open({ revision, mcp });
    const stream = await session.callStream('gate', {}, 'g', { progressToken: 't', headers: SSE_ONLY });
    const call = await gate.begun();
    await session.cancel('g');
    await call.ctx.progress(1);
    call.resolve('done');
    await stream.untilClosed();
    expect(stream.messages).toEqual([]);
  });
});
