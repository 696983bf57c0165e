import { describe, expect, test } from '@jest/globals';
import type { RouterOptions } from 'mcp-express';
import { begin } from '../support/raw-client.js';
import { authenticateByHeader } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { deferred, eventually } from '../support/wait.js';
import { ASK_NAME, codeOf, request, start } from './alone.js';

const LIMIT = 3;

/** A tool that asks when it is told to, whether or not anybody is there to be asked. */
async function lateServer(options: RouterOptions) {
  const mcp = testServer();
  const entered: (() => void)[] = [];
  const after: string[] = [];
  mcp.registerTool('late', {}, async (ctx) => {
    const gate = deferred();
    entered.push(() => gate.resolve());
    await gate.promise;
    try {
      const { content } = await ctx.elicit(ASK_NAME);
      return String(content?.['name']);
    } finally {
      after.push('over');
    }
  });
  const server = await start({ mcp, options, before: [authenticateByHeader] });
  return { ...server, entered, after };
}

/** Calls that are gone before their handlers ask. */
async function leaveThenAsk({ client, router, entered }: Awaited<ReturnType<typeof lateServer>>): Promise<void> {
  for (let count = 1; count <= LIMIT; count += 1) {
    const gone = begin(client.url, request('tools/call', { name: 'late' }, { ...client.usual, user: 'anna' }));
    await eventually('the handler runs', () => entered.length === count);
    gone.destroy();
    await eventually('the call is over', async () => (await router.stats()).calls === 0);
    entered[count - 1]?.();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
}

describe('a handler that asks after its client has gone (R17, R23)', () => {
  test('takes nothing away from its principal: as many calls as before may run (R17)', async () => {
    const server = await lateServer({ maxCallsPerPrincipal: LIMIT });
    await leaveThenAsk(server);
    expect(codeOf(await server.client.call('echo', { text: 'x' }, { user: 'anna' }))).toEqual([200, undefined]);
  });

  test('takes nothing away from all others (R17)', async () => {
    const server = await lateServer({ maxCalls: LIMIT });
    await leaveThenAsk(server);
    expect(codeOf(await server.client.call('echo', { text: 'x' }, { user: 'boris' }))).toEqual([200, undefined]);
  });
});

test('a handler that asks after its deadline takes nothing away from its principal (R17)', async () => {
  const mcp = testServer();
  const gate = deferred();
  mcp.registerTool('late', { timeoutMs: 5 }, async (ctx) => {
    await gate.promise;
    return String((await ctx.elicit(ASK_NAME)).action);
  });
  const options = { maxCallsPerPrincipal: 1 };
  const { client } = await start({ mcp, options, before: [authenticateByHeader] });
  const late = await client.call('late', {}, { user: 'anna' });
  expect(late.json.error.data.reason).toBe('deadline-exceeded');
  gate.resolve();
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  expect(codeOf(await client.call('echo', { text: 'x' }, { user: 'anna' }))).toEqual([200, undefined]);
});

test('a round that ends with a question takes nothing away either, however many there are (R17)', async () => {
  const mcp = testServer();
  mcp.registerTool('ask', {}, async (ctx) => String((await ctx.elicit(ASK_NAME)).action));
  mcp.registerTool('throws', {}, async (ctx) => {
    void ctx.elicit({ message: 'x', mode: 'url', url: 'https://example.com' });
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    throw new Error('late');
  });
  const options = { maxCallsPerPrincipal: 2, maxCalls: 2 };
  const { client, router } = await start({ mcp, options, before: [authenticateByHeader] });
  for (let round = 0; round < 10; round += 1) {
    for (const tool of ['ask', 'throws']) {
      const answer = await client.call(tool, {}, { user: 'anna' });
      expect([answer.status, answer.json.result?.resultType]).toEqual([200, 'input_required']);
    }
  }
  expect((await router.stats()).calls).toBe(0);
});
