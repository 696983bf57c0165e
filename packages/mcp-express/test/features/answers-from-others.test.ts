import { describe, expect, test } from '@jest/globals';
import type { HandlerContext } from 'mcp-express';
import { authenticateByHeader, startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { answersOn, CAPABLE, openWire, requestOn, textOf } from './wire-session.js';

const FORM = { type: 'object', properties: { name: { type: 'string' } } } as const;
const accept = (name: string) => ({ action: 'accept', content: { name } });

async function asked() {
  const mcp = testServer();
  const counts = { settled: 0 };
  mcp.registerTool('ask', {}, async (ctx: HandlerContext) => {
    const { content } = await ctx.elicit({ message: 'Who?', requestedSchema: FORM });
    counts.settled += 1;
    return String(content?.['name']);
  });
  const { url, router } = await startServer({ mcp, before: [authenticateByHeader] });
  const alice = await openWire(url, { capabilities: CAPABLE, user: 'alice' });
  const stream = await alice.callStream('ask', {}, 1);
  const request = await requestOn(stream, 'elicitation/create');
  const finish = async (): Promise<void> => {
    expect((await router.stats()).calls).toBe(1);
    expect(answersOn(stream)).toEqual([]);
    await alice.answer(request.id, accept('alice'));
    await stream.untilClosed();
    expect(answersOn(stream).map(({ result }) => textOf(result))).toEqual(['alice']);
    expect(counts.settled).toBe(1);
  };
  return { url, alice, stream, id: request.id as string, finish };
}

describe("an answer to somebody else's question is ignored, and the right one still counts (R16, CVE-2026-67431)", () => {
  test('from another session of another principal', async () => {
    const { url, id, finish } = await asked();
    const bob = await openWire(url, { capabilities: CAPABLE, user: 'bob' });
    expect((await bob.answer(id, accept('bob'))).status).toBe(202);
    await finish();
  });

  test('from another session of the same principal', async () => {
    const { url, id, finish } = await asked();
    const other = await openWire(url, { capabilities: CAPABLE, user: 'alice' });
    expect((await other.answer(id, accept('other'))).status).toBe(202);
    await finish();
  });

  test("posted by another principal into the asker's own session: 404, as for an unknown session (R5)", async () => {
    const { alice, id, finish } = await asked();
    expect((await alice.as('bob').answer(id, accept('bob'))).status).toBe(404);
    await finish();
  });

  test('an error from another session', async () => {
    const { url, id, finish } = await asked();
    const bob = await openWire(url, { user: 'bob' });
    await bob.post({ jsonrpc: '2.0', id, error: { code: -32000, message: 'no' } });
    await finish();
  });

  test('a cancellation of the question from another session', async () => {
    const { url, id, finish } = await asked();
    const bob = await openWire(url, { user: 'bob' });
    await bob.cancel(id);
    await bob.cancel(1);
    await finish();
  });

  test.each([
    ['a neighbouring id', (id: string) => id.replace(/\d+$/, (n) => String(Number(n) + 1))],
    ['an id of another case', (id: string) => id.toUpperCase()],
    ['an id that nobody gave out', () => 'x:1'],
    ["the call's own id", () => 1],
  ])('%s, from the right session', async (_what, altered) => {
    const { alice, id, finish } = await asked();
    await alice.post({ jsonrpc: '2.0', id: altered(id), result: accept('wrong') });
    await finish();
  });
});

test('of two answers to the same question the first counts, and the call has one result (R16)', async () => {
  const { alice, stream, id } = await asked();
  await Promise.all([alice.answer(id, accept('first')), alice.answer(id, accept('second'))]);
  await alice.answer(id, accept('third'));
  await stream.untilClosed();
  expect(answersOn(stream)).toHaveLength(1);
  expect(['first', 'second']).toContain(textOf(answersOn(stream)[0].result));
});
