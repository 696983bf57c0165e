import { describe, expect, test } from '@jest/globals';
import { inputRequired, type McpError } from 'mcp-express';
import type { JsonBody } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { specServer } from '../server.js';
import { ABLE, dialogue, nextRound, questionsOf, refusalOf, start, textOf } from './client.js';

const SCHEMA = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 2 },
    email: { type: 'string', format: 'email' },
    age: { type: 'integer', minimum: 18 },
    news: { type: 'boolean', default: false },
    color: { type: 'string', enum: ['red', 'green'] },
    sizes: { type: 'array', items: { type: 'string', enum: ['s', 'm', 'l'] } },
  },
  required: ['name'],
} as const;

const FORM = { message: 'Who are you?', requestedSchema: SCHEMA } as const;
const VISIT = { mode: 'url', message: 'Please sign in.', url: 'https://example.com/connect' } as const;
const ACCEPTED = { action: 'accept', content: { name: 'Ada' } };

/** What a client with these capabilities is asked by a tool that returns the question instead of asking it. */
async function returned(question: JsonBody, capabilities: object = ABLE): Promise<JsonBody[]> {
  const mcp = specServer();
  mcp.registerTool('returns', {}, () => inputRequired({ inputRequests: { q: question() } }));
  const { client } = await start({ mcp, capabilities });
  return questionsOf(await client.call('returns'));
}

describe('elicitation', () => {
  test.each<[string, object, string[]]>([
    ['nothing at all', {}, []],
    ['elicitation, without a mode', { elicitation: {} }, ['form']],
    ['forms alone', { elicitation: { form: {} } }, ['form']],
    ['pages alone', { elicitation: { url: {} } }, ['url']],
    ['both', { elicitation: { form: {}, url: {} } }, ['form', 'url']],
  ])(
    'a client that declares %s is asked in no other mode [elicitation.supported-modes]',
    async (_what, capabilities, modes) => {
      const { client } = await start({ capabilities });
      const asked: string[] = [];
      for (const what of [FORM, VISIT]) {
        const answer = await client.call('elicit', { what });
        asked.push(...questionsOf(answer).map(({ params }) => params.mode ?? 'form'));
        if (questionsOf(answer).length === 0) expect(refusalOf(answer)).toEqual([400, -32021]);
      }
      expect(asked).toEqual(modes);
      const inOtherWords = [
        ...(await returned(() => inputRequired.elicit(FORM), capabilities)),
        ...(await returned(() => inputRequired.elicitUrl({ message: VISIT.message, url: VISIT.url }), capabilities)),
      ];
      expect(inOtherWords.map(({ params }) => params.mode ?? 'form')).toEqual(modes);
    },
  );

  test('a form has a message and its schema, of mode "form" or none [elicitation.parameters, elicitation.form-parameters]', async () => {
    const { client } = await start({ capabilities: ABLE });
    for (const what of [FORM, { ...FORM, mode: 'form' }]) {
      const [asked] = questionsOf(await client.call('elicit', { what }));
      expect(asked).toMatchObject({ method: 'elicitation/create', params: FORM });
      expect([undefined, 'form']).toContain(asked.params.mode);
    }
    expect(await returned(() => inputRequired.elicit(FORM))).toMatchObject([{ params: FORM }]);
  });

  test.each<[string, JsonBody]>([
    [
      'a form with an object within an object',
      { ...FORM, requestedSchema: { type: 'object', properties: { a: { type: 'object' } } } },
    ],
    ['a form that is no object', { ...FORM, requestedSchema: { type: 'string' } }],
    ['a form of no schema', { ...FORM, requestedSchema: { type: 'object', properties: { a: { type: 'text' } } } }],
    ['a form without a message', { ...FORM, message: undefined }],
    ['a page without a message', { ...VISIT, message: undefined }],
    ['a page without a URL', { ...VISIT, url: undefined }],
    ['a page at "not a url"', { ...VISIT, url: 'not a url' }],
    ['a page at "/connect"', { ...VISIT, url: '/connect' }],
  ])(
    '%s is not asked for [elicitation.parameters, elicitation.form-parameters, elicitation.url-valid]',
    async (_what, what) => {
      const { client } = await start({ capabilities: ABLE });
      expect(questionsOf(await client.call('elicit', { what }))).toEqual([]);
    },
  );

  test.each(['not a url', '/connect', '', 'example.com'])(
    'nor is a page at %j by a handler that returns the question [elicitation.url-valid]',
    async (url) => {
      expect(await returned(() => inputRequired.elicitUrl({ message: 'Sign in.', url }))).toEqual([]);
    },
  );

  test('a page has mode, message and url as they are, and nothing of ours [elicitation.parameters, elicitation.page-parameters, elicitation.url-valid, elicitation.url-no-user-data, elicitation.url-not-authenticated]', async () => {
    const { client } = await start({ capabilities: ABLE, before: [authenticateByHeader], user: 'ada@example.com' });
    for (const what of [VISIT, { ...VISIT, elicitationId: 'e1' }]) {
      const [asked] = questionsOf(await client.call('elicit', { what }));
      expect(asked).toEqual({ method: 'elicitation/create', params: VISIT });
    }
    const { message, url } = VISIT;
    expect(await returned(() => inputRequired.elicitUrl({ message, url }))).toEqual([
      { method: 'elicitation/create', params: VISIT },
    ]);
  });

  test('what fits the schema is given to the tool [elicitation.validate-content]', async () => {
    const { client } = await start({ capabilities: ABLE });
    const content = { name: 'Ada', email: 'ada@example.com', age: 36, news: true, color: 'red', sizes: ['s', 'l'] };
    const { answer } = await dialogue(client, 'elicit', { what: FORM }, { action: 'accept', content });
    expect(JSON.parse(textOf(answer))).toEqual({ action: 'accept', content });
  });

  test.each<[string, object]>([
    ['lacks what is required', { action: 'accept', content: {} }],
    ['has no content', { action: 'accept' }],
    ['is of another type', { action: 'accept', content: { name: 5 } }],
    ['is no address', { action: 'accept', content: { name: 'Ada', email: 'ada' } }],
    ['is none of the choices', { action: 'accept', content: { name: 'Ada', color: 'blue' } }],
    ['is of an action that there is not', { action: 'agree', content: { name: 'Ada' } }],
    ['is of no action', { content: { name: 'Ada' } }],
  ])('what %s is not given to the tool [elicitation.validate-content]', async (_what, wrong) => {
    const { client } = await start({ capabilities: ABLE });
    const { answer } = await dialogue(client, 'elicit', { what: FORM }, wrong);
    expect(answer.json.error?.code).toBe(-32602);
  });

  test.each(['decline', 'cancel'])(
    '%s is told to the tool [elicitation.declined, elicitation.not-assumed]',
    async (action) => {
      const { client } = await start({ capabilities: ABLE });
      for (const what of [FORM, VISIT]) {
        const { answer } = await dialogue(client, 'elicit', { what }, { action });
        expect(JSON.parse(textOf(answer))).toEqual({ action });
      }
    },
  );

  test('a tool hears of a client that answers with nonsense [elicitation.declined, elicitation.not-assumed]', async () => {
    const mcp = specServer();
    mcp.registerTool('careful', {}, async (ctx) => {
      const answer = await ctx.elicit(FORM).catch((error: McpError) => error.code);
      return typeof answer === 'string' ? answer : answer.action;
    });
    const { client } = await start({ mcp, capabilities: ABLE });
    const { answer } = await dialogue(client, 'careful', {}, { action: 5 });
    expect(textOf(answer)).toBe('client-answer-invalid');
  });
});

describe('what is asked of one user', () => {
  const PARAMS = { name: 'elicit', arguments: { what: FORM } };

  test('can be answered by that user alone, whatever a client says of itself [elicitation.bound-to-identity, elicitation.state-of-user, elicitation.state-protected, elicitation.identity-verified, elicitation.user-from-credentials]', async () => {
    const { client } = await start({ capabilities: ABLE, before: [authenticateByHeader], user: 'alice' });
    const first = await client.ask('tools/call', PARAMS);
    const [key] = Object.keys(first.json.result.inputRequests);
    const params = nextRound(PARAMS, first, { [String(key)]: ACCEPTED });
    const claims = { 'io.modelcontextprotocol/clientInfo': { name: 'alice', version: '1', sub: 'alice' } };
    for (const user of ['bob', '']) {
      const answer = await client.ask('tools/call', params, { user, meta: claims });
      expect(refusalOf(answer)).toEqual([400, -32602]);
    }
    expect((await client.ask('tools/call', params)).json.result.resultType).toBe('complete');
  });
});

const text = (said: string) => ({ type: 'text', text: said });
const ASK = { role: 'user', content: text('What is the weather in Paris and London?') };
const TOOLS = [{ name: 'weather', inputSchema: { type: 'object' } }];
const ANSWER = { role: 'assistant', model: 'm', content: text('Sunny'), stopReason: 'endTurn' };

const use = (id: string) => ({ type: 'tool_use', id, name: 'weather', input: {} });
const resultOf = (toolUseId: string) => ({ type: 'tool_result', toolUseId, content: [text('18 °C')] });
const USES = { role: 'assistant', content: [use('a'), use('b')] };
const promptOf = (messages: object[], more: object = { tools: TOOLS }): JsonBody => ({
  messages,
  maxTokens: 5,
  ...more,
});

/** Asked with `ctx.sample`, and returned as a question. */
const WAYS: readonly [string, (what: JsonBody, capabilities?: object) => Promise<JsonBody[]>][] = [
  [
    'asking',
    async (what, capabilities = ABLE) => {
      const { client } = await start({ capabilities });
      return questionsOf(await client.call('sample', { what }));
    },
  ],
  ['returning the question', (what, capabilities) => returned(() => inputRequired.createMessage(what), capabilities)],
];

for (const [way, askedFor] of WAYS) {
  describe(`sampling, by ${way}`, () => {
    test('who has not declared tools is not given any [sampling.tools-capability]', async () => {
      for (const more of [{ tools: TOOLS }, { toolChoice: { mode: 'none' } }]) {
        expect(await askedFor(promptOf([ASK], more), { sampling: {} })).toEqual([]);
        expect(await askedFor(promptOf([ASK], more), { sampling: { tools: {} } })).toHaveLength(1);
      }
    });

    test('who has not declared context is not asked to include it, nor anybody else unless the tool does [sampling.context-capability, sampling.no-context]', async () => {
      for (const includeContext of ['thisServer', 'allServers']) {
        expect(await askedFor(promptOf([ASK], { includeContext }), { sampling: {} })).toEqual([]);
      }
      const [asked] = await askedFor(promptOf([ASK], {}));
      expect(asked.params.includeContext ?? 'none').toBe('none');
    });

    test('results of tools, all of them and by themselves, are sent [sampling.tool-results-only, sampling.tool-use-balance, sampling.tool-use-answered]', async () => {
      const messages = [ASK, USES, { role: 'user', content: [resultOf('a'), resultOf('b')] }];
      expect((await askedFor(promptOf(messages)))[0].params.messages).toEqual(messages);
    });

    test.each<[string, object[]]>([
      ['a text before them', [text('Here:'), resultOf('a'), resultOf('b')]],
      ['a text after them', [resultOf('a'), resultOf('b'), text('That is all.')]],
    ])('%s keeps them from being sent [sampling.tool-results-only]', async (_what, content) => {
      expect(await askedFor(promptOf([ASK, USES, { role: 'user', content }]))).toEqual([]);
    });

    test.each<[string, object[]]>([
      ['none of them', [ASK, USES]],
      ['one too few', [ASK, USES, { role: 'user', content: [resultOf('a')] }]],
      ['one of another use', [ASK, USES, { role: 'user', content: [resultOf('a'), resultOf('c')] }]],
      ['no use before them', [ASK, { role: 'user', content: [resultOf('a')] }]],
    ])('%s is not sent [sampling.tool-use-balance, sampling.tool-use-answered]', async (_what, messages) => {
      expect(await askedFor(promptOf(messages))).toEqual([]);
    });

    test.each<[string, JsonBody]>([
      ['of no role', { content: text('x') }],
      ['of a role that there is not', { role: 'system', content: text('x') }],
      ['without content', { role: 'user' }],
      ['whose content is bare text', { role: 'user', content: 'x' }],
    ])('a message %s is not sent [sampling.message-shape, sampling.validate-content]', async (_what, message) => {
      expect(await askedFor(promptOf([message], {}))).toEqual([]);
    });
  });
}

describe('what the model says', () => {
  test('is given to the tool, unless it is no message [sampling.validate-content]', async () => {
    const { client } = await start({ capabilities: ABLE });
    const what = promptOf([ASK], {});
    const { answer } = await dialogue(client, 'sample', { what }, ANSWER);
    expect(JSON.parse(textOf(answer))).toEqual(ANSWER);
    for (const content of [undefined, 'text', 5, null]) {
      const wrong = await dialogue(client, 'sample', { what }, { ...ANSWER, content });
      expect(wrong.answer.json.error?.code).toBe(-32602);
    }
  });

  test('is seen by nobody else, nor is what it was asked [sampling.sensitive-data, sampling.not-retained]', async () => {
    const { client, mcp } = await start({ capabilities: ABLE, before: [authenticateByHeader], user: 'alice' });
    const other = await client.listen({ toolsListChanged: true }, { user: 'bob' });
    const first = await dialogue(client, 'sample', { what: promptOf([ASK], {}) }, ANSWER);
    const again = questionsOf(await client.call('sample', { what: promptOf([], {}) }));
    expect(again[0].params.messages).toEqual([]);
    mcp.registerTool('new', {}, () => 'x');
    await other.untilMessages(2);
    expect(other.text).not.toMatch(/weather|Sunny/);
    expect(textOf(first.answer)).toContain('Sunny');
  });

  test('a loop of tools has as many rounds as its handler gives it [sampling.iteration-limit]', async () => {
    const mcp = specServer();
    mcp.registerTool('loop', {}, async (ctx) => {
      const messages: JsonBody[] = [ASK];
      for (let round = 0; round < 3; round += 1) {
        const { content, role } = await ctx.sample(promptOf(messages));
        const uses = [content].flat().filter(({ type }) => type === 'tool_use') as JsonBody[];
        if (uses.length === 0) return 'done';
        messages.push({ role, content }, { role: 'user', content: uses.map(({ id }) => resultOf(id)) });
      }
      return 'too long';
    });
    const { client } = await start({ mcp, capabilities: ABLE });
    const params = { name: 'loop', arguments: {} };
    let answer = await client.ask('tools/call', params);
    let rounds = 0;
    while (answer.json.result.resultType === 'input_required') {
      rounds += 1;
      const [key] = Object.keys(answer.json.result.inputRequests);
      const said = { role: 'assistant', model: 'm', content: [use(`u${rounds}`)] };
      answer = await client.ask('tools/call', nextRound(params, answer, { [String(key)]: said }));
    }
    expect([rounds, textOf(answer)]).toEqual([3, 'too long']);
  });
});

describe('roots', () => {
  const ROOTS = [{ uri: 'file:///home/ada/project', name: 'Project' }, { uri: 'file:///tmp' }];

  test('who declares none is not asked for them, who does is, each time anew [roots.check-capability, roots.cached]', async () => {
    const { client } = await start({ capabilities: ABLE });
    expect(refusalOf(await client.call('roots', {}, { capabilities: { sampling: {} } }))).toEqual([400, -32021]);
    for (const roots of [ROOTS, []]) {
      const { asked, answer } = await dialogue(client, 'roots', {}, { roots });
      expect(Object.values(asked)).toMatchObject([{ method: 'roots/list' }]);
      expect(JSON.parse(textOf(answer))).toEqual(roots);
    }
  });

  test('when they are not to be had, the request fails and all others go on [roots.unavailable]', async () => {
    const { client } = await start({ capabilities: ABLE });
    for (const wrong of [{}, { roots: 'none' }, { roots: null }]) {
      expect((await dialogue(client, 'roots', {}, wrong)).answer.json.error?.code).toBe(-32602);
    }
    expect((await client.call('echo', { text: 'x' })).status).toBe(200);
  });
});
