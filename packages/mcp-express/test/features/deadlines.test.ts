import { describe, expect, test } from '@jest/globals';
import { McpServer, type RouterOptions } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { addEcho } from '../support/test-tools.js';
import { type Deferred, deferred, within } from '../support/wait.js';
import { messagesIn, openWire, textOf } from './wire-session.js';

interface Run {
  readonly signal: AbortSignal;
  readonly end: Deferred<string>;
}

async function slow(timeoutMs: number | undefined, options: RouterOptions = {}) {
  const mcp = new McpServer({ name: 'slow', version: '1' });
  addEcho(mcp);
  const begun = deferred<Run>();
  mcp.registerTool('slow', timeoutMs === undefined ? {} : { timeoutMs }, (ctx) => {
    const end = deferred<string>();
    begun.resolve({ signal: ctx.signal, end });
    return end.promise;
  });
  const server = await startServer({ mcp, options });
  return { ...server, session: await openWire(server.url), begun: begun.promise };
}

const LIMIT_MS = 150;

describe.each([
  ['of the tool', LIMIT_MS, {}],
  ['of the server', undefined, { callTimeoutMs: LIMIT_MS }],
  ['of the tool, before that of the server', LIMIT_MS, { callTimeoutMs: 60_000 }],
])('a deadline %s (R25)', (_which, timeoutMs, options) => {
  test.each(['application/json', 'application/json, text/event-stream', 'text/event-stream'])(
    'answers with an error when it passes, with the signal aborted, for Accept: %s (R25)',
    async (accept) => {
      const { session, begun } = await slow(timeoutMs, options);
      const from = performance.now();
      const answer = await session.call('slow', {}, 1, { headers: { accept } });
      const took = performance.now() - from;
      expect(took).toBeGreaterThanOrEqual(LIMIT_MS - 2);
      expect(took).toBeLessThan(LIMIT_MS + 10_000);
      expect(messagesIn(answer)).toMatchObject([
        { id: 1, error: { data: { reason: 'deadline-exceeded' }, message: expect.stringContaining(`${LIMIT_MS} ms`) } },
      ]);
      expect((await begun).signal.aborted).toBe(true);
    },
  );

  test.each([
    ['result', ({ end }: Run) => end.resolve('late')],
    ['rejection', ({ end }: Run) => end.reject(new Error('late'))],
  ])('ignores a late %s (R25, invariant 1)', async (_what, finish) => {
    const { session, begun, router } = await slow(timeoutMs, options);
    const stream = await session.callStream('slow', {}, 1);
    await stream.untilClosed();
    finish(await begun);
    expect(textOf(await session.tool('echo', { text: 'next' }))).toBe('next');
    expect(stream.messages).toHaveLength(1);
    expect((await router.stats()).calls).toBe(0);
    expect((await session.replay(String(stream.ids[0]))).messages).toHaveLength(1);
  });
});

describe('no deadline (R25)', () => {
  test('a call that ends in time is not touched by its deadline, nor is its signal', async () => {
    const { session, begun } = await slow(60_000);
    const calling = session.call('slow', {}, 1);
    const run = await begun;
    run.end.resolve('in time');
    expect((await calling).text).toContain('in time');
    expect(run.signal.aborted).toBe(false);
  });

  test('0 of a tool switches off that of the server', async () => {
    const { session, begun } = await slow(0, { callTimeoutMs: 20 });
    const calling = session.call('slow', {}, 1);
    const run = await begun;
    for (let round = 0; round < 10; round += 1) await session.tool('echo', { text: 'x' });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(run.signal.aborted).toBe(false);
    run.end.resolve('done');
    expect((await calling).text).toContain('done');
  });

  test.each([
    ['Infinity', Infinity],
    ['a month', 31 * 24 * 3_600_000],
  ])('%s is not one millisecond: it is that long, or refused when it is registered', async (_what, timeoutMs) => {
    const started = await slow(timeoutMs).catch((error: unknown) => error);
    if (started instanceof Error) return expect(started.message).toContain('timeoutMs');
    const { session, begun } = started as Awaited<ReturnType<typeof slow>>;
    const calling = session.call('slow', {}, 1);
    const run = await begun;
    for (let round = 0; round < 5; round += 1) await session.tool('echo', { text: 'x' });
    run.end.resolve('done');
    expect((await calling).text).toContain('done');
  });

  test('a server option beyond what a timer can hold is no deadline of one millisecond', async () => {
    const started = await slow(undefined, { callTimeoutMs: 31 * 24 * 3_600_000 }).catch((error: unknown) => error);
    if (started instanceof Error) return expect(started.message).toContain('callTimeoutMs');
    const { session, begun } = started as Awaited<ReturnType<typeof slow>>;
    const calling = session.call('slow', {}, 1);
    const run = await begun;
    for (let round = 0; round < 5; round += 1) await session.tool('echo', { text: 'x' });
    run.end.resolve('done');
    expect((await calling).text).toContain('done');
  });

  test('a handler that asks for its signal only after the deadline gets it aborted, with the reason', async () => {
    const mcp = new McpServer({ name: 'slow', version: '1' });
    const goOn = deferred();
    const seen = deferred<AbortSignal>();
    mcp.registerTool('late', { timeoutMs: 20 }, async (ctx) => {
      await goOn.promise;
      seen.resolve(ctx.signal);
      return 'x';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    await session.call('late', {}, 1);
    goOn.resolve();
    expect((await within('the signal', seen.promise)).aborted).toBe(true);
  });
});
