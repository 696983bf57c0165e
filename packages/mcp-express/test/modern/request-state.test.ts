import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inputRequired, McpServer, memoryStore, type RouterOptions } from 'mcp-express';
import { ABLE, type Modern, nextRound, start, textOf } from '../spec/modern/client.js';
import { onCleanup } from '../support/cleanup.js';
import type { JsonBody, RawAnswer } from '../support/raw-client.js';
import { authenticateByHeader, USER_HEADER } from '../support/start-server.js';

const KEY = 'k'.repeat(32);
const OTHER_KEY = 'o'.repeat(32);
const SECRET = 'hunter2-hunter2-hunter2';
const FORM = {
  message: 'Which password?',
  requestedSchema: { type: 'object', properties: { word: { type: 'string' } } },
} as const;
const ACCEPTED = { action: 'accept', content: { word: SECRET } };
const ARGUMENTS = { to: 'Ada', deep: { a: 1, b: [{ c: 2, d: 3 }] } };
const PARAMS = { name: 'send', arguments: ARGUMENTS };

/** How often handlers were entered, on whichever node. */
let entered: number;

beforeEach(() => {
  entered = 0;
});

/** A server of two questions after each other, under two names. */
function asking(name = 'states'): McpServer {
  const mcp = new McpServer({ name, version: '1' });
  for (const tool of ['send', 'delete']) {
    mcp.registerTool(tool, { inputSchema: { type: 'object' } }, async (_args, ctx) => {
      entered += 1;
      const first = await ctx.elicit(FORM);
      const second = await ctx.elicit(FORM);
      return JSON.stringify([first.content, second.content]);
    });
  }
  mcp.registerTool('keeps', {}, () => inputRequired({ requestState: { own: SECRET } }));
  mcp.registerPrompt('send', {}, () => {
    entered += 1;
    return 'ran';
  });
  return mcp;
}

/** One node. */
async function node(options: RouterOptions = {}, mcp = asking()): Promise<Modern> {
  const given = { stateKeys: [KEY], ...options };
  const before = [authenticateByHeader];
  return (await start({ mcp, options: given, before, user: 'alice', capabilities: ABLE })).client;
}

/** What is asked in the second round, after a first that began on this node. */
async function begin(client: Modern): Promise<JsonBody> {
  const first = await client.ask('tools/call', PARAMS);
  expect(first.json.result.resultType).toBe('input_required');
  const second = await client.ask('tools/call', nextRound(PARAMS, first, { 'elicitation-1': ACCEPTED }));
  expect(Object.keys(second.json.result.inputRequests)).toEqual(['elicitation-2']);
  entered = 0;
  return nextRound(PARAMS, second, { 'elicitation-2': ACCEPTED });
}

function expectRefused({ status, json }: RawAnswer): void {
  expect([status, json.error?.code, json.error?.data?.reason]).toEqual([400, -32602, 'state-refused']);
  expect(entered).toBe(0);
}

function expectDone(answer: RawAnswer): void {
  expect(JSON.parse(textOf(answer))).toEqual([{ word: SECRET }, { word: SECRET }]);
  expect(entered).toBe(1);
}

test('every round may be on another node of the same keys and name (R31; python-sdk#3032)', async () => {
  const [a, b, c] = [await node(), await node(), await node()];
  const first = await a.ask('tools/call', PARAMS);
  const second = await b.ask('tools/call', nextRound(PARAMS, first, { 'elicitation-1': ACCEPTED }));
  entered = 0;
  expectDone(await c.ask('tools/call', nextRound(PARAMS, second, { 'elicitation-2': ACCEPTED })));
});

test('keys are rotated: the old one still opens, the new one seals (R31)', async () => {
  const params = await begin(await node({ stateKeys: [KEY] }));
  const rotated = await node({ stateKeys: [OTHER_KEY, KEY] });
  expectDone(await rotated.ask('tools/call', params));
  const newer = await begin(rotated);
  expectRefused(await (await node({ stateKeys: [KEY] })).ask('tools/call', newer));
  expectDone(await (await node({ stateKeys: [new Uint8Array(32), OTHER_KEY] })).ask('tools/call', newer));
});

test('the order of members, and what is not the request, may change (R31)', async () => {
  const client = await node();
  const params = await begin(client);
  const reordered = { deep: { b: [{ d: 3, c: 2 }], a: 1 }, to: 'Ada' };
  expectDone(await client.ask('tools/call', { ...params, arguments: reordered }));
  entered = 0;
  expectDone(await client.ask('tools/call', params, { id: 'other', meta: { progressToken: 'p' } }));
});

test('nothing of it can be read (R31)', async () => {
  const client = await node();
  const answered: string = (await begin(client)).requestState;
  const kept: string = (await client.call('keeps')).json.result.requestState;
  for (const state of [answered, kept]) {
    const shifted = [0, 1, 2, 3].map((at) => Buffer.from(state.slice(at), 'base64url'));
    for (const reading of [...shifted, Buffer.from(state), Buffer.from(state, 'hex')]) {
      expect(reading.toString('latin1')).not.toMatch(/hunter2|elicitation|alice|answers|expiresAt/i);
    }
  }
  expect((await begin(client)).requestState).not.toBe(answered);
});

describe('a state that is refused (R31)', () => {
  test('with any one byte changed', async () => {
    const client = await node();
    const params = await begin(client);
    const bytes = Buffer.from(params.requestState, 'base64url');
    for (const at of bytes.keys()) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] as number) ^ (1 << (at % 8));
      expectRefused(await client.ask('tools/call', { ...params, requestState: flipped.toString('base64url') }));
    }
    expectDone(await client.ask('tools/call', params));
  });

  test('that was cut, grown, spelled otherwise or is no text', async () => {
    const client = await node();
    const params = await begin(client);
    const state: string = params.requestState;
    const forged = Buffer.from(JSON.stringify({ id: 'x', answers: {}, expiresAt: 9e15 })).toString('base64url');
    const others = ['', state.slice(1), state.slice(0, -1), `${state}A`, `${state}=`, ` ${state}`];
    const spelled = [Buffer.from(state, 'base64url').toString('hex'), `${state}${state}`, forged];
    for (const requestState of [...others, ...spelled, 5, true, {}, [state]]) {
      expectRefused(await client.ask('tools/call', { ...params, requestState }));
    }
  });

  test.each<[string, string, JsonBody]>([
    ['another argument', 'tools/call', { arguments: { ...ARGUMENTS, to: 'Bob' } }],
    ['one argument more', 'tools/call', { arguments: { ...ARGUMENTS, cc: 'Bob' } }],
    ['one less', 'tools/call', { arguments: { to: 'Ada' } }],
    ['another one deep within', 'tools/call', { arguments: { ...ARGUMENTS, deep: { a: 1, b: [{ c: 2, d: 4 }] } } }],
    ['a text for a number', 'tools/call', { arguments: { ...ARGUMENTS, deep: { a: '1', b: [{ c: 2, d: 3 }] } } }],
    ['pairs for an object', 'tools/call', { arguments: { ...ARGUMENTS, deep: Object.entries(ARGUMENTS.deep) } }],
    ['none', 'tools/call', { arguments: undefined }],
    ['another tool', 'tools/call', { name: 'delete' }],
    ['a prompt of that name', 'prompts/get', {}],
  ])('for %s', async (_what, method, changed) => {
    const client = await node();
    const params = await begin(client);
    expectRefused(await client.ask(method, { ...params, ...changed }));
    expectDone(await client.ask('tools/call', params));
  });

  test('of another principal, or of nobody', async () => {
    const client = await node();
    const params = await begin(client);
    for (const user of ['bob', 'Alice', 'alice2', undefined]) {
      expectRefused(await client.ask('tools/call', params, { headers: { [USER_HEADER]: user } }));
    }
    expectDone(await client.ask('tools/call', params));
  });

  test('past its time, and not before', async () => {
    const client = await node({ stateTtlMs: 60_000 });
    const params = await begin(client);
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now');
    onCleanup(() => clock.mockRestore());
    for (const late of [60_001, 3_600_000]) {
      clock.mockReturnValue(now + late);
      expectRefused(await client.ask('tools/call', params));
    }
    clock.mockReturnValue(now + 50_000);
    expectDone(await client.ask('tools/call', params));
  });

  test('by a node of other keys, of keys of its own, or of another name', async () => {
    const params = await begin(await node());
    expectRefused(await (await node({ stateKeys: [OTHER_KEY] })).ask('tools/call', params));
    const { client } = await start({
      mcp: asking(),
      capabilities: ABLE,
      before: [authenticateByHeader],
      user: 'alice',
    });
    expectRefused(await client.ask('tools/call', params));
    expectRefused(await (await node({}, asking('other'))).ask('tools/call', params));
  });

  test('that was used, where each may be used once: on whichever node, and whoever is first', async () => {
    const store = memoryStore();
    const nodes = [await node({ stateOnce: true, store }), await node({ stateOnce: true, store })] as const;
    const params = await begin(nodes[0]);
    const answers = await Promise.all([0, 1, 0, 1].map((at) => (nodes[at] as Modern).ask('tools/call', params)));
    const [good, ...others] = answers.sort((one, other) => one.status - other.status) as [RawAnswer, ...RawAnswer[]];
    expectDone(good);
    entered = 0;
    for (const answer of [...others, await nodes[0].ask('tools/call', params)]) expectRefused(answer);
  });
});
