import { describe, expect, test } from '@jest/globals';
import { acceptedContent, inputRequired, type McpServer, ResourceTemplate } from 'mcp-express';
import type { JsonBody } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { eventually } from '../../support/wait.js';
import { specServer } from '../server.js';
import { ABLE, encoded, type Modern, nextRound, questionsOf, refusalOf, start, textOf } from './client.js';

const FORM = {
  message: 'Who?',
  requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
} as const;
const VISIT = { mode: 'url', message: 'Sign in.', url: 'https://example.com/in' } as const;
const PROMPT = { messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }], maxTokens: 5 } as const;
const ACCEPTED = { action: 'accept', content: { name: 'Ada' } };

/** Asks two things at once and then a third; counts how often it has come to its end. */
function addAsking(mcp: McpServer): { done: number; runs: number } {
  const count = { done: 0, runs: 0 };
  mcp.registerTool('ask', { inputSchema: { type: 'object' } }, async (args, ctx) => {
    count.runs += 1;
    const [first, second] = await Promise.all([ctx.elicit(FORM), ctx.elicit({ ...FORM, message: 'And who?' })]);
    const roots = await ctx.roots({ key: 'roots' });
    count.done += 1;
    return JSON.stringify([args, first.content, second.action, roots]);
  });
  return count;
}

async function asking(options = {}) {
  const mcp = specServer();
  const count = addAsking(mcp);
  const before = [authenticateByHeader];
  return { ...(await start({ mcp, options, before, user: 'alice', capabilities: ABLE })), count };
}

const PARAMS = { name: 'ask', arguments: { a: 1 } };

async function firstRound(client: Modern) {
  const answer = await client.ask('tools/call', PARAMS);
  const [one, two] = Object.keys(answer.json.result.inputRequests) as [string, string];
  const responses = { [one]: ACCEPTED, [two]: { action: 'decline' } };
  return { answer, one, two, responses, params: nextRound(PARAMS, answer, responses) };
}

describe('a handler that asks', () => {
  test('its questions are the result of the round, and the answers come with the next [mrtr.pattern, mrtr.keys-unique, mrtr.not-empty]', async () => {
    const { client, count } = await asking();
    const first = await firstRound(client);
    expect(first.answer.json.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: {
        [first.one]: { method: 'elicitation/create', params: FORM },
        [first.two]: { method: 'elicitation/create', params: { message: 'And who?' } },
      },
    });
    expect(first.one).not.toBe(first.two);
    const second = await client.ask('tools/call', first.params, { id: 2 });
    expect(second.json.result.inputRequests).toMatchObject({ roots: { method: 'roots/list' } });
    expect(count.done).toBe(0);
    const third = await client.ask('tools/call', nextRound(PARAMS, second, { roots: { roots: [] } }), { id: 3 });
    expect(JSON.parse(textOf(third))).toEqual([{ a: 1 }, { name: 'Ada' }, 'decline', []]);
    expect(count).toEqual({ done: 1, runs: 3 });
  });

  test('prompts and resources may ask too, and are answered as tools are [mrtr.pattern]', async () => {
    const mcp = specServer();
    mcp.registerPrompt('asking', {}, async (ctx) => JSON.stringify((await ctx.elicit(FORM)).content));
    mcp.registerResource('asking', 'spec://asking', {}, async (_uri, ctx) => JSON.stringify(await ctx.roots()));
    const { client } = await start({ mcp, capabilities: ABLE });
    for (const [method, params, response, expected] of [
      ['prompts/get', { name: 'asking' }, ACCEPTED, '{"name":"Ada"}'],
      ['resources/read', { uri: 'spec://asking' }, { roots: [] }, '[]'],
    ] as const) {
      const first = await client.ask(method, params);
      const [key] = Object.keys(first.json.result.inputRequests);
      const { json } = await client.ask(method, nextRound(params, first, { [String(key)]: response }));
      const text = json.result.messages?.[0].content.text ?? json.result.contents[0].text;
      expect(text).toBe(expected);
    }
  });

  test('nothing else asks: not a list, not a completion [mrtr.other-methods]', async () => {
    const mcp = specServer();
    const complete = { id: (_value: string, _context: object, ctx: JsonBody) => ctx.elicit(FORM) };
    const list = async (ctx: JsonBody) => ({ resources: await ctx.roots() });
    mcp.registerResource('asking', new ResourceTemplate('spec://ask/{id}', { complete, list }), {}, () => 'x');
    const { client } = await start({ mcp, capabilities: ABLE });
    const ref = { type: 'ref/resource', uri: 'spec://ask/{id}' };
    const answers = [
      await client.ask('completion/complete', { ref, argument: { name: 'id', value: '' } }),
      await client.ask('resources/list'),
    ];
    for (const { json } of answers) expect(json.error?.code).toBe(-32603);
  });

  test('two questions of one key are not asked [mrtr.keys-unique]', async () => {
    const mcp = specServer();
    mcp.registerTool('twice', {}, async (ctx) => {
      await Promise.all([ctx.elicit(FORM, { key: 'k' }), ctx.roots({ key: 'k' })]);
      return 'done';
    });
    const { client } = await start({ mcp, capabilities: ABLE });
    expect(questionsOf(await client.call('twice'))).toEqual([]);
  });

  test('it asks for forms, pages, completions and roots [mrtr.request-kinds]', async () => {
    const { client } = await start({ capabilities: ABLE });
    for (const [tool, what, method] of [
      ['elicit', FORM, 'elicitation/create'],
      ['elicit', VISIT, 'elicitation/create'],
      ['sample', PROMPT, 'sampling/createMessage'],
      ['roots', {}, 'roots/list'],
    ] as const) {
      expect(questionsOf(await client.call(tool, { what })).map((each) => each.method)).toEqual([method]);
    }
  });

  test('and for nothing else that it may return [mrtr.request-kinds, mrtr.not-empty]', async () => {
    const mcp = specServer();
    const wrong: object[] = [
      { inputRequests: { k: { method: 'ping' } } },
      { inputRequests: { k: { method: 'tools/call', params: { name: 'x' } } } },
      { inputRequests: { k: {} } },
      { inputRequests: {} },
      {},
    ];
    for (const [index, each] of wrong.entries()) {
      mcp.registerTool(`wrong-${index}`, {}, () => ({ resultType: 'input_required', ...each }) as never);
    }
    const { client } = await start({ mcp, capabilities: ABLE });
    for (const index of wrong.keys()) {
      const { json } = await client.call(`wrong-${index}`);
      expect(json.result?.resultType ?? json.error?.code).not.toBe('input_required');
    }
  });

  test('a state alone is enough [mrtr.not-empty]', async () => {
    const mcp = specServer();
    mcp.registerTool('state', {}, (ctx) =>
      ctx.requestState === undefined ? inputRequired({ requestState: 7 }) : String(ctx.requestState),
    );
    const { client } = await start({ mcp });
    const { result } = (await client.call('state')).json;
    expect(Object.keys(result).sort()).toEqual(['_meta', 'requestState', 'resultType']);
    expect(
      textOf(await client.ask('tools/call', { name: 'state', arguments: {}, requestState: result.requestState })),
    ).toBe('7');
  });

  test.each<[string, object, object]>([
    ['by itself', {}, { message: 'Who?' }],
    ['among others', { elicitation: {} }, {}],
    ['of a mode that it has not', { elicitation: { form: {} }, sampling: {} }, {}],
  ])('a client is asked nothing it has not declared, not even %s [mrtr.undeclared]', async (_what, capabilities) => {
    const mcp = specServer();
    mcp.registerTool('all', {}, () =>
      inputRequired({
        inputRequests: {
          form: inputRequired.elicit(FORM),
          page: inputRequired.elicitUrl({ message: 'In.', url: 'https://example.com' }),
          model: inputRequired.createMessage({ messages: [], maxTokens: 1 }),
          roots: inputRequired.listRoots(),
        },
      }),
    );
    const { client } = await start({ mcp, capabilities });
    const answer = await client.call('all');
    expect(refusalOf(answer)).toEqual([400, -32021]);
    expect(questionsOf(answer)).toEqual([]);
  });

  test('nothing waits for a client that does not come back [mrtr.no-retry-assumed]', async () => {
    const { client, router, count } = await asking();
    await Promise.all(Array.from({ length: 20 }, () => client.ask('tools/call', PARAMS)));
    await eventually('nothing runs', async () => (await router.stats()).calls === 0);
    expect(count).toEqual({ done: 0, runs: 20 });
  });
});

describe('the state', () => {
  test('one that was changed anywhere is refused, and nothing runs [mrtr.state-untrusted, mrtr.state-protected, mrtr.state-rejected]', async () => {
    const { client, count } = await asking();
    const { params } = await firstRound(client);
    const state = String(params.requestState);
    const flipped = (at: number) => `${state.slice(0, at)}${state[at] === 'A' ? 'B' : 'A'}${state.slice(at + 1)}`;
    const forged = Array.from({ length: 12 }, (_each, index) => flipped(Math.floor((index * state.length) / 12)));
    const others = ['', 'x', state.slice(1), state.slice(0, -1), `${state}A`, `${state}=`, `${state}\n`, 5, {}];
    for (const requestState of [...forged, ...others, Buffer.from('{"answers":{}}').toString('base64url')]) {
      expect(refusalOf(await client.ask('tools/call', { ...params, requestState }))).toEqual([400, -32602]);
    }
    expect(count.runs).toBe(1);
  });

  test('it shows nothing of what it holds [mrtr.state-protected]', async () => {
    const mcp = specServer();
    mcp.registerTool('secret', {}, () => inputRequired({ requestState: 'hunter2-hunter2-hunter2' }));
    const { client } = await start({ mcp });
    const { requestState } = (await client.call('secret')).json.result;
    for (const form of ['base64url', 'utf8', 'hex'] as const) {
      expect(Buffer.from(requestState, form).toString('latin1')).not.toContain('hunter2');
    }
  });

  test('a server of other keys refuses it [mrtr.state-rejected]', async () => {
    const { params } = await firstRound((await asking()).client);
    expect(refusalOf(await (await asking()).client.ask('tools/call', params))).toEqual([400, -32602]);
  });

  test('that of somebody else is refused [mrtr.state-principal]', async () => {
    const { client, count } = await asking();
    const { params } = await firstRound(client);
    for (const user of ['bob', '']) {
      expect(refusalOf(await client.ask('tools/call', params, { user }))).toEqual([400, -32602]);
    }
    expect(count.runs).toBe(1);
    expect((await client.ask('tools/call', params)).status).toBe(200);
  });

  test('one that is too old is refused [mrtr.state-expiry]', async () => {
    const { client, count } = await asking({ stateTtlMs: 1 });
    const { params } = await firstRound(client);
    await eventually('it has expired', async () => (await client.ask('tools/call', params)).status === 400);
    const runs = count.runs;
    expect(refusalOf(await client.ask('tools/call', params))).toEqual([400, -32602]);
    expect(count.runs).toBe(runs);
  });

  test('one of another request is refused [mrtr.state-request]', async () => {
    const { client, count, mcp } = await asking();
    mcp.registerTool('other', { inputSchema: { type: 'object' } }, () => {
      count.runs += 1;
      return 'ran';
    });
    mcp.registerPrompt('ask', {}, () => 'x');
    const { params } = await firstRound(client);
    for (const [method, changed] of [
      ['tools/call', { name: 'other' }],
      ['tools/call', { arguments: { a: 2 } }],
      ['tools/call', { arguments: undefined }],
      ['prompts/get', {}],
    ] as const) {
      expect(refusalOf(await client.ask(method, { ...params, ...changed }))).toEqual([400, -32602]);
    }
    expect(count.runs).toBe(1);
  });

  test('the order of arguments makes no other request of it [mrtr.state-request]', async () => {
    const { client } = await asking();
    const first = await client.ask('tools/call', { name: 'ask', arguments: { a: 1, b: { c: 2, d: 3 } } });
    const again = nextRound({ name: 'ask', arguments: { b: { d: 3, c: 2 }, a: 1 } }, first, {});
    expect((await client.ask('tools/call', again)).json.result.resultType).toBe('input_required');
  });

  test('where each may be used once, the second use is refused, whoever is first [mrtr.state-once]', async () => {
    const { client, count } = await asking({ stateOnce: true });
    const { params } = await firstRound(client);
    const answers = await Promise.all(Array.from({ length: 5 }, () => client.ask('tools/call', params)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    expect(count.runs).toBe(2);
  });
});

describe('what comes back', () => {
  test.each([5, 'x', [], { k: 5 }, { k: null }, { k: 'x' }])(
    'inputResponses that are %j are -32602, and nothing runs [mrtr.responses-validated, mrtr.protocol-errors]',
    async (inputResponses) => {
      const { client, count } = await asking();
      const answer = await client.ask('tools/call', { ...PARAMS, inputResponses });
      expect(answer.json.error?.code).toBe(-32602);
      expect(count.runs).toBe(0);
    },
  );

  test('an answer that does not fit its question is -32602, and nothing is done [mrtr.responses-validated, mrtr.protocol-errors]', async () => {
    for (const wrong of [{ action: 'agree' }, {}, { action: 'accept', content: { name: 5 } }]) {
      const { client, count } = await asking();
      const { params, one } = await firstRound(client);
      const inputResponses = { ...params.inputResponses, [one]: wrong };
      expect((await client.ask('tools/call', { ...params, inputResponses })).json.error?.code).toBe(-32602);
      expect(count.done).toBe(0);
    }
  });

  test('what was not asked for is ignored [mrtr.extra-ignored]', async () => {
    const { client } = await asking();
    const { params } = await firstRound(client);
    const extra = { ...params.inputResponses, other: { action: 'accept' }, __proto__x: {}, constructor: {} };
    const { json } = await client.ask('tools/call', { ...params, inputResponses: extra });
    expect(Object.keys(json.result.inputRequests)).toEqual(['roots']);
  });

  test('what was not answered is asked again, and that alone [mrtr.asked-again]', async () => {
    const { client, count } = await asking();
    const { answer, params, one, two } = await firstRound(client);
    const half = await client.ask('tools/call', { ...params, inputResponses: { [two]: ACCEPTED } });
    expect(half.json.result.inputRequests).toEqual({ [one]: answer.json.result.inputRequests[one] });
    const rest = await client.ask('tools/call', nextRound(PARAMS, half, { [one]: ACCEPTED }));
    expect(Object.keys(rest.json.result.inputRequests)).toEqual(['roots']);
    expect(count.done).toBe(0);
  });

  test('nothing at all is asked again too [mrtr.asked-again]', async () => {
    const { client } = await asking();
    const { answer, params } = await firstRound(client);
    for (const given of [{ ...params, inputResponses: {} }, PARAMS]) {
      const again = await client.ask('tools/call', given);
      expect(again.json.result.inputRequests).toEqual(answer.json.result.inputRequests);
    }
  });

  test('a handler that returns its questions may ask as often as it needs [mrtr.asked-again]', async () => {
    const mcp = specServer();
    mcp.registerTool('insist', {}, (ctx) => {
      const name = acceptedContent<{ name: string }>(ctx.inputResponses, 'name')?.name;
      return name === 'Ada' ? 'done' : inputRequired({ inputRequests: { name: inputRequired.elicit(FORM) } });
    });
    const { client } = await start({ mcp, capabilities: ABLE });
    let answer = await client.call('insist');
    for (const name of ['Bob', 'Eve']) {
      const responses = { name: { action: 'accept', content: { name } } };
      answer = await client.ask('tools/call', nextRound({ name: 'insist', arguments: {} }, answer, responses));
      expect(answer.json.result.resultType).toBe('input_required');
    }
    expect(
      textOf(await client.ask('tools/call', nextRound({ name: 'insist', arguments: {} }, answer, { name: ACCEPTED }))),
    ).toBe('done');
  });

  test('rounds are held to their headers as first calls are [mrtr.state-untrusted]', async () => {
    const { client, count } = await asking();
    const { params } = await firstRound(client);
    const headers = { 'mcp-name': encoded('echo') };
    expect(refusalOf(await client.ask('tools/call', params, { headers }))).toEqual([400, -32020]);
    expect(count.runs).toBe(1);
  });
});
