import { describe, expect, test } from '@jest/globals';
import type { HandlerContext } from 'mcp-express';
import type { JsonBody, RawAnswer } from '../support/raw-client.js';
import { testServer } from '../support/test-tools.js';
import { accepted, codeOf, start, textOf } from './alone.js';

const ROUNDS = 5;
const PARAMS = { name: 'many', arguments: {} };

const form = (step: number) => ({
  message: `Step ${step}`,
  requestedSchema: { type: 'object', properties: { value: { type: 'string' } }, required: ['value'] } as const,
});

/** A tool that asks one question after the other; what each is about depends on the answer before. */
async function sequential() {
  const mcp = testServer();
  const count = { entered: 0 };
  mcp.registerTool('many', { inputSchema: { type: 'object' } }, async (_args, ctx) => {
    count.entered += 1;
    const values: unknown[] = [];
    for (let step = 1; step <= ROUNDS; step += 1) {
      const { action, content } = await ctx.elicit(form(step));
      if (action !== 'accept') return `stopped at ${step}: ${values}`;
      values.push(content?.['value']);
    }
    return String(values);
  });
  return { ...(await start({ mcp })), count };
}

const answerTo = (step: number, value: string): object => ({ [`elicitation-${step}`]: accepted({ value }) });
const asked = ({ json }: RawAnswer): string[] => Object.keys(json.result.inputRequests ?? {});

describe('a handler that asks five times in a row (SEP-2322)', () => {
  test('is asked anew each time, and finds what was answered before (R20, R31)', async () => {
    const { client, count } = await sequential();
    let answer = await client.call('many');
    const states = new Set<string>();
    for (let step = 1; step <= ROUNDS; step += 1) {
      expect([asked(answer), answer.json.result.inputRequests[`elicitation-${step}`].params.message]).toEqual([
        [`elicitation-${step}`],
        `Step ${step}`,
      ]);
      states.add(answer.json.result.requestState);
      answer = await client.again(PARAMS, answer, answerTo(step, `v${step}`));
    }
    expect(textOf(answer)).toBe('v1,v2,v3,v4,v5');
    expect(states.size).toBe(ROUNDS);
    expect(count.entered).toBe(ROUNDS + 1);
    expect(answer.json.result.requestState).toBeUndefined();
  });

  test('can be gone back to: an earlier state knows what had been answered by then, and no more (R31)', async () => {
    const { client } = await sequential();
    const first = await client.call('many');
    const second = await client.again(PARAMS, first, answerTo(1, 'a'));
    const third = await client.again(PARAMS, second, answerTo(2, 'b'));
    expect(asked(third)).toEqual(['elicitation-3']);
    expect(asked(await client.again(PARAMS, first, answerTo(2, 'b')))).toEqual(['elicitation-1']);
    expect(asked(await client.again(PARAMS, second, answerTo(3, 'c')))).toEqual(['elicitation-2']);
    const [left, right] = await Promise.all([
      client.again(PARAMS, second, { 'elicitation-2': { action: 'decline' } }),
      client.again(PARAMS, third, { 'elicitation-3': { action: 'cancel' } }),
    ]);
    expect([textOf(left), textOf(right)]).toEqual(['stopped at 2: a', 'stopped at 3: a,b']);
  });

  test('takes all answers at once from a client that knows them, and asks nothing (SEP-2322)', async () => {
    const { client, count } = await sequential();
    const all = Object.assign({}, ...[1, 2, 3, 4, 5].map((step) => answerTo(step, String(step))));
    const answer = await client.ask('tools/call', { ...PARAMS, inputResponses: { ...all, more: {} } });
    expect([textOf(answer), count.entered]).toEqual(['1,2,3,4,5', 1]);
  });

  test('is run on its own by 50 clients at once: no answer meets another question (R4, R20)', async () => {
    const { client } = await sequential();
    const dialogue = async (user: number): Promise<string> => {
      let answer = await client.call('many');
      for (let step = 1; step <= ROUNDS; step += 1) {
        answer = await client.again(PARAMS, answer, answerTo(step, `${user}.${step}`));
      }
      return textOf(answer);
    };
    const all = await Promise.all(Array.from({ length: 50 }, (_each, user) => dialogue(user)));
    expect(all).toEqual(all.map((_text, user) => [1, 2, 3, 4, 5].map((step) => `${user}.${step}`).join()));
  });
});

type Ask = (ctx: HandlerContext) => Promise<unknown>;

const KINDS: Readonly<Record<string, Ask>> = {
  'elicitation-1': (ctx) => ctx.elicit(form(1)),
  'sampling-1': (ctx) => ctx.sample({ messages: [], maxTokens: 1 }),
  'roots-1': (ctx) => ctx.roots(),
};

describe('an answer that is none (SEP-2322)', () => {
  test.each<[string, JsonBody]>([
    ['elicitation-1', {}],
    ['elicitation-1', { action: 'yes' }],
    ['elicitation-1', { action: ['accept'] }],
    ['elicitation-1', { action: 'accept' }],
    ['elicitation-1', { action: 'accept', content: null }],
    ['elicitation-1', { action: 'accept', content: [] }],
    ['elicitation-1', { action: 'accept', content: { value: 5 } }],
    ['elicitation-1', { Action: 'accept', content: { value: 'x' } }],
    ['sampling-1', {}],
    ['sampling-1', { role: 'assistant', content: 'text' }],
    ['roots-1', {}],
    ['roots-1', { roots: {} }],
  ])('to %s, %j, is -32602, and does not get past its question (SEP-2322)', async (key, wrong) => {
    const mcp = testServer();
    let past = 0;
    mcp.registerTool('ask', {}, async (ctx) => {
      await KINDS[key]?.(ctx);
      past += 1;
      return 'past';
    });
    const { client, router } = await start({ mcp });
    const first = await client.call('ask');
    expect(asked(first)).toEqual([key]);
    const second = await client.again({ name: 'ask', arguments: {} }, first, { [key]: wrong });
    expect([...codeOf(second), second.json.error.data.reason]).toEqual([200, -32602, 'client-answer-invalid']);
    expect(past).toBe(0);
    expect((await router.stats()).calls).toBe(0);
  });
});
