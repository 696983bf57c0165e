import { describe, expect, test } from '@jest/globals';
import { ABLE, answerTo, dialogue, IMPATIENT, isRequest, join, messagesOfCall, open, untilAsked } from './client.js';
import { ALL, NEWEST_ONLY } from './requirement.js';

const text = (said: string) => ({ type: 'text', text: said });
const ASK = { role: 'user', content: text('What is the weather in Paris and London?') };
const TOOLS = [{ name: 'weather', inputSchema: { type: 'object' } }];
const ANSWER = { role: 'assistant', model: 'm', content: text('Sunny'), stopReason: 'endTurn' };

const use = (id: string) => ({ type: 'tool_use', id, name: 'weather', input: {} });
const resultOf = (toolUseId: string) => ({ type: 'tool_result', toolUseId, content: [text('18 °C')] });
const USES = { role: 'assistant', content: [use('a'), use('b')] };

const params = (messages: object[], more: object = { tools: TOOLS }) => ({ what: { messages, maxTokens: 5, ...more } });

/** What the client was asked for, or nothing. */
async function askedFor(capabilities: object, args: object) {
  const { session } = await open({ capabilities, options: IMPATIENT });
  return (await messagesOfCall(session, 'sample', args)).filter(isRequest);
}

describe('what a client can do', () => {
  test.each<[string, object]>([
    ['tools', { tools: TOOLS }],
    ['a choice of tools', { toolChoice: { mode: 'none' } }],
  ])('who has not declared tools is not given %s [sampling.tools-capability]', async (_what, more) => {
    expect(await askedFor({ sampling: {} }, params([ASK], more))).toEqual([]);
    expect(await askedFor({ sampling: { tools: {} } }, params([ASK], more))).toHaveLength(1);
  });

  test.each(['thisServer', 'allServers'])(
    'who has not declared context is not asked to include %s [sampling.context-capability]',
    async (includeContext) => {
      const asked = await askedFor({ sampling: {} }, params([ASK], { includeContext }));
      expect(asked.map((each) => each.params.includeContext ?? 'none')).not.toContain(includeContext);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: context is not asked for unless the tool does [sampling.no-context]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      const { asked } = await dialogue(session, 'sample', params([ASK], {}), ANSWER);
      expect(asked.params.includeContext ?? 'none').toBe('none');
    },
  );
});

describe('results of tools', () => {
  test.each(NEWEST_ONLY)(
    '%s: all of them, by themselves, after their uses, are sent [sampling.tool-results-only, sampling.tool-use-balance, sampling.tool-use-answered]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      const messages = [ASK, USES, { role: 'user', content: [resultOf('a'), resultOf('b')] }];
      const { asked, result } = await dialogue(session, 'sample', params(messages), ANSWER);
      expect(asked.params.messages).toEqual(messages);
      expect(JSON.parse(result.content[0].text)).toEqual(ANSWER);
    },
  );

  test.each<[string, object[]]>([
    ['a text before them', [text('Here:'), resultOf('a'), resultOf('b')]],
    ['a text after them', [resultOf('a'), resultOf('b'), text('That is all.')]],
  ])('%s keeps them from being sent [sampling.tool-results-only]', async (_what, content) => {
    expect(await askedFor(ABLE, params([ASK, USES, { role: 'user', content }]))).toEqual([]);
  });

  test.each<[string, object[]]>([
    ['none of them', [ASK, USES]],
    ['one too few', [ASK, USES, { role: 'user', content: [resultOf('a')] }]],
    ['one of another use', [ASK, USES, { role: 'user', content: [resultOf('a'), resultOf('c')] }]],
    ['another message before them', [ASK, USES, ASK, { role: 'user', content: [resultOf('a'), resultOf('b')] }]],
    ['no use before them', [ASK, { role: 'user', content: [resultOf('a')] }]],
  ])('%s is not sent [sampling.tool-use-balance, sampling.tool-use-answered]', async (_what, messages) => {
    expect(await askedFor(ABLE, params(messages))).toEqual([]);
  });
});

describe('messages', () => {
  test.each(ALL)(
    '%s: an answer without content is not given to the tool [sampling.validate-content]',
    async (revision) => {
      const { session } = await open({ revision, capabilities: ABLE });
      for (const answer of [
        {},
        { ...ANSWER, content: undefined },
        { ...ANSWER, content: 'text' },
        { ...ANSWER, content: 5 },
      ]) {
        const { result } = await dialogue(session, 'sample', params([ASK], {}), answer);
        expect(result.isError).toBe(true);
      }
    },
  );

  test.each(ALL)('%s: they are seen in their own session alone [sampling.sensitive-data]', async (revision) => {
    const { session, url, mcp } = await open({ revision, capabilities: ABLE });
    const other = await join(url, { revision, capabilities: ABLE });
    const streams = [await other.listen(), await session.listen()];
    const { stream, asked } = await untilAsked(session, 'sample', params([ASK], {}));
    expect((await answerTo(other, asked, { ...ANSWER, content: text('Foreign') })).status).toBe(202);
    await answerTo(session, asked, ANSWER);
    await stream.untilClosed();
    expect(stream.messages.at(-1)?.result.content[0].text).toContain('Sunny');
    mcp.registerTool('new', {}, () => 'x');
    for (const each of streams) {
      expect((await each.untilMessages(1)).map(({ method }) => method)).toEqual(['notifications/tools/list_changed']);
    }
  });
});
