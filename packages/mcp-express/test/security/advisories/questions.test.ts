import { expect, test } from '@jest/globals';
import { answersOn, CAPABLE, openWire, requestOn, textOf } from '../../features/wire-session.js';
import { NEWEST, TestSession, toolCall } from '../../support/session.js';
import { testServer } from '../../support/test-tools.js';
import { addCounter } from './counter.js';
import { advisory } from './rows.js';
import { ALICE, BOB, bytesOf, startGuarded } from './two-principals.js';

const FORM = { type: 'object', properties: { name: { type: 'string' } } } as const;
const accept = (name: string) => ({ action: 'accept', content: { name } });

/** Alice, who is being asked, and Bob, with a session of his own. */
async function asked() {
  const mcp = testServer();
  const count = addCounter(mcp);
  const seen = { answers: [] as unknown[] };
  mcp.registerTool('ask', {}, async (ctx) => {
    const { content } = await ctx.elicit({ message: 'Who?', requestedSchema: FORM });
    seen.answers.push(content?.['name']);
    return String(content?.['name']);
  });
  const server = await startGuarded(mcp);
  const alice = await openWire(server.url, { capabilities: CAPABLE, headers: ALICE });
  const bob = await openWire(server.url, { capabilities: CAPABLE, headers: BOB });
  const stream = await alice.callStream('ask', {}, 1);
  const { id } = await requestOn(stream, 'elicitation/create');
  const thief = new TestSession(server.url, alice.id, NEWEST, BOB);
  return { ...server, alice, bob, stream, id: id as string, thief, seen, count };
}

advisory('CVE-2026-67431', () => {
  test("Bob runs nothing in Alice's session (R5)", async () => {
    const { url, thief, count } = await asked();
    const unknown = new TestSession(url, 'A'.repeat(thief.id.length), NEWEST, BOB);
    const refused = await thief.post(toolCall('count', {}));
    expect(refused.status).toBe(404);
    expect(bytesOf(refused)).toEqual(bytesOf(await unknown.post(toolCall('count', {}))));
    expect(count.calls).toBe(0);
  });

  test("Bob's answers to what Alice is asked count nowhere, and hers still does (R5, R16)", async () => {
    const { alice, bob, stream, id, thief, seen } = await asked();
    const refused = [
      await thief.post({ jsonrpc: '2.0', id, result: accept('mallory') }),
      await thief.post({ jsonrpc: '2.0', id, error: { code: -1, message: 'mallory' } }),
      await thief.cancel(id),
      await thief.cancel(1),
    ];
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    // In his own session he may say what he likes: it answers nothing.
    await bob.answer(id, accept('mallory'));
    await bob.cancel(1);
    expect([seen.answers, answersOn(stream)]).toEqual([[], []]);
    await alice.answer(id, accept('alice'));
    await stream.untilClosed();
    expect(answersOn(stream).map(({ result }) => textOf(result))).toEqual(['alice']);
    expect(seen.answers).toEqual(['alice']);
  });
});
