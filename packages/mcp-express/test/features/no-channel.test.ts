import { describe, expect, test } from '@jest/globals';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';
import { CAPABLE, openWire, textOf } from './wire-session.js';

const JSON_ONLY = { accept: 'application/json' };
const FORM = { type: 'object', properties: { name: { type: 'string' } } } as const;

/** Timers that would keep this process alive. */
const livingTimers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

async function start() {
  const mcp = testServer();
  mcp.registerTool('ask', {}, async (ctx) => (await ctx.elicit({ message: 'Who?', requestedSchema: FORM })).action);
  const server = await startServer({ mcp });
  return { ...server, session: await openWire(server.url, { capabilities: CAPABLE }) };
}

describe('a client that takes only JSON cannot be asked (R16, R47)', () => {
  test('the tool fails at once and says that there is no stream (R16)', async () => {
    const { session } = await start();
    await session.tool('echo', { text: 'warm' }, JSON_ONLY);
    const begun = performance.now();
    const result = await session.tool('ask', {}, JSON_ONLY);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(/stream/);
    expect(textOf(result)).toContain('elicitation/create');
  });

  test('also with a GET stream open: the question belongs to the call (invariant 2)', async () => {
    const { session } = await start();
    const own = await session.listen();
    expect((await session.tool('ask', {}, JSON_ONLY)).isError).toBe(true);
    expect(own.messages).toEqual([]);
  });

  test('what was never asked is not waited for: no timer stays behind (invariant 5; R49)', async () => {
    const { session } = await start();
    await session.tool('ask', {}, JSON_ONLY);
    const before = livingTimers();
    for (let round = 0; round < 20; round += 1) await session.tool('ask', {}, JSON_ONLY);
    await eventually('the timers are gone', () => livingTimers() < before + 10);
  });

  test('what a finished call had asked and no longer awaits leaves no timer behind (invariant 5; R49)', async () => {
    const mcp = testServer();
    mcp.registerTool('ask', {}, (ctx) => {
      ctx.elicit({ message: 'Who?', requestedSchema: FORM }).catch(() => {});
      return 'did not wait';
    });
    const { url } = await startServer({ mcp });
    const session = await openWire(url, { capabilities: CAPABLE });
    await session.call('ask', {}, 1);
    const before = livingTimers();
    for (let round = 0; round < 20; round += 1) await session.call('ask', {}, round + 2);
    await eventually('the timers are gone', () => livingTimers() < before + 10);
  });
});
