import { expect, jest, test } from '@jest/globals';
import { memoryStore, type RouterOptions } from 'mcp-express';
import { ABLE, Modern, nextRound, textOf } from '../../spec/modern/client.js';
import { onCleanup } from '../../support/cleanup.js';
import type { JsonBody, RawAnswer } from '../../support/raw-client.js';
import { testServer } from '../../support/test-tools.js';
import { advisory } from './rows.js';
import { ALICE, ALICE_AGAIN, BOB, startGuarded } from './two-principals.js';

const [KEY, NEWER] = ['k'.repeat(32), 'n'.repeat(32)];
const SECRET = 'what-the-user-said';
const PARAMS = { name: 'send', arguments: { to: 'Ada' } };
const FORM = {
  message: 'Sure?',
  requestedSchema: { type: 'object', properties: { word: { type: 'string' } } },
} as const;
const ANSWER = { action: 'accept', content: { word: SECRET } };

let entered = 0;

/** One node, as Alice reaches it. */
async function node(options: RouterOptions = {}): Promise<Modern> {
  const mcp = testServer();
  mcp.registerTool('send', { inputSchema: { type: 'object' } }, async (_args, ctx) => {
    entered += 1;
    const first = await ctx.elicit(FORM);
    const second = await ctx.elicit(FORM);
    return `${first.content?.['word']} ${second.content?.['word']}`;
  });
  const { url } = await startGuarded(mcp, { stateKeys: [KEY], ...options });
  return new Modern(url, { headers: ALICE, capabilities: ABLE });
}

/** What is sent in the third round, with one answer in the state and one beside it. */
async function begun(client: Modern): Promise<JsonBody> {
  const first = await client.ask('tools/call', PARAMS);
  const second = await client.ask('tools/call', nextRound(PARAMS, first, { 'elicitation-1': ANSWER }));
  entered = 0;
  return nextRound(PARAMS, second, { 'elicitation-2': ANSWER });
}

function expectRefused({ status, json }: RawAnswer): void {
  expect([status, json.error?.code, entered]).toEqual([400, -32602, 0]);
}

function expectDone(answer: RawAnswer): void {
  expect([textOf(answer), entered]).toEqual([`${SECRET} ${SECRET}`, 1]);
  entered = 0;
}

advisory('(class) SEP-2322', () => {
  test('a state is good at every node of its keys, and after a rotation, and with the next token (R31)', async () => {
    const params = await begun(await node());
    expectDone(await (await node()).ask('tools/call', params));
    const rotated = await node({ stateKeys: [NEWER, KEY] });
    expectDone(await rotated.ask('tools/call', params, { headers: ALICE_AGAIN }));
    expectRefused(await (await node({ stateKeys: [NEWER] })).ask('tools/call', params));
  });

  test('it is not with a bit of it changed, nor made up (R31)', async () => {
    const client = await node();
    const params = await begun(client);
    const bytes = Buffer.from(params.requestState, 'base64url');
    for (let at = 0; at < bytes.length; at += 3) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      expectRefused(await client.ask('tools/call', { ...params, requestState: flipped.toString('base64url') }));
    }
    const claims = JSON.stringify({ principal: 'alice', answers: { 'elicitation-1': ANSWER }, expiresAt: 9e15 });
    for (const made of ['', 'x', Buffer.from(claims).toString('base64url'), claims, `${params.requestState}A`]) {
      expectRefused(await client.ask('tools/call', { ...params, requestState: made }));
    }
    expectDone(await client.ask('tools/call', params));
  });

  test('it is not for other arguments, nor for another principal (R31)', async () => {
    const client = await node();
    const params = await begun(client);
    for (const args of [{ to: 'Eve' }, { to: 'Ada', cc: 'Eve' }, {}]) {
      expectRefused(await client.ask('tools/call', { ...params, arguments: args }));
    }
    expectRefused(await client.ask('tools/call', params, { headers: BOB }));
    expectDone(await client.ask('tools/call', params));
  });

  test('it is not past its time, nor, where it is good once, a second time (R31)', async () => {
    const store = memoryStore();
    const client = await node({ stateOnce: true, store, stateTtlMs: 60_000 });
    const late = await begun(client);
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_001);
    onCleanup(() => clock.mockRestore());
    expectRefused(await client.ask('tools/call', late));
    clock.mockRestore();
    const params = await begun(client);
    expectDone(await client.ask('tools/call', params));
    expectRefused(await client.ask('tools/call', params));
  });

  test('nothing of it can be read (R31)', async () => {
    const state: string = (await begun(await node())).requestState;
    for (const from of [0, 1, 2, 3]) {
      const read = Buffer.from(state.slice(from), 'base64url').toString('latin1');
      expect(read).not.toMatch(/what-the-user|elicitation|alice|Ada/i);
    }
  });
});
