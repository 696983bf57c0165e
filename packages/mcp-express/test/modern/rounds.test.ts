import { describe, expect, test } from '@jest/globals';
import { acceptedContent, type HandlerContext, inputRequired, McpServer, type ToolHandler } from 'mcp-express';
import { answerTo, isRequest, isResponse, join } from '../spec/client.js';
import { ABLE, type Modern, nextRound, questionsOf, refusalOf, start, textOf } from '../spec/modern/client.js';
import type { JsonBody } from '../support/raw-client.js';
import { deferred } from '../support/wait.js';

type Handler = ToolHandler<undefined, undefined>;

const form = (message: string) =>
  ({ message, requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } }) as const;
const MODEL = { messages: [], maxTokens: 5 };

/** What a client answers to each kind of question; a form is answered with its own message. */
function answerOf({ method, params }: JsonBody): object {
  if (method === 'roots/list') return { roots: [{ uri: 'file:///work' }] };
  if (method === 'sampling/createMessage')
    return { role: 'assistant', content: { type: 'text', text: 'hi' }, model: 'm' };
  return { action: 'accept', content: { name: `${params.message}!` } };
}

interface Ran {
  readonly result: JsonBody;
  /** What was asked, round by round. */
  readonly asked: string[][];
}

/** What a question was, in the same words in both eras. */
const worded = ({ method, params }: JsonBody): string => params?.message ?? method;

/** Calls a tool in rounds until it is done. */
async function inRounds(client: Modern, name: string): Promise<Ran & { keys: string[][] }> {
  const first = { name, arguments: {} };
  const asked: string[][] = [];
  const keys: string[][] = [];
  for (let params: JsonBody = first; ; ) {
    const answer = await client.ask('tools/call', params);
    const requests: Record<string, JsonBody> | undefined = answer.json.result?.inputRequests;
    if (requests === undefined) return { result: answer.json.result, asked, keys };
    asked.push(questionsOf(answer).map(worded));
    keys.push(Object.keys(requests));
    const answers = Object.entries(requests).map(([key, request]) => [key, answerOf(request)]);
    params = nextRound(first, answer, Object.fromEntries(answers));
  }
}

/** Calls it in a session. */
async function inSession(url: string, name: string): Promise<Ran> {
  const session = await join(url, { capabilities: ABLE });
  const stream = await session.callStream(name);
  const asked: string[][] = [];
  for (let seen = 0; ; ) {
    await stream.until('a message', () => stream.messages.length > seen);
    const message = stream.messages[seen];
    seen += 1;
    if (isResponse(message)) return { result: message.result, asked };
    if (!isRequest(message)) continue;
    asked.push([worded(message)]);
    await answerTo(session, message, answerOf(message));
  }
}

/** A server of one tool, and how often it was entered and came to its end. */
async function of(handler: Handler, capabilities: object = ABLE) {
  const count = { entered: 0, ended: 0 };
  const mcp = new McpServer({ name: 'rounds', version: '1' });
  mcp.registerTool('t', {}, async (ctx) => {
    count.entered += 1;
    const result = await handler(ctx);
    count.ended += 1;
    return result;
  });
  return { ...(await start({ mcp, capabilities })), count };
}

const together = async (ctx: HandlerContext): Promise<string> => {
  const all = [ctx.elicit(form('a')), ctx.elicit(form('b')), ctx.sample(MODEL), ctx.roots()] as const;
  const [a, b, said, roots] = await Promise.all(all);
  return JSON.stringify([a.content, b.content, said.content, roots]);
};
const inTurn = async (ctx: HandlerContext): Promise<string> => {
  const a = await ctx.elicit(form('a'));
  const b = await ctx.elicit(form(`${a.content?.['name']} b`));
  const said = await ctx.sample(MODEL);
  return JSON.stringify([a.content, b.content, said.content, await ctx.roots()]);
};
const returning: Handler = (ctx) => {
  const a = acceptedContent(ctx.inputResponses, 'a');
  const inputRequests = { a: inputRequired.elicit(form('a')), r: inputRequired.listRoots() };
  return a === undefined
    ? inputRequired({ inputRequests, requestState: [7] })
    : JSON.stringify([a, ctx.inputResponses['r'], ctx.requestState]);
};

describe('one handler in both eras (R20)', () => {
  test.each<[string, Handler, string[][], string[][], number, number]>([
    [
      'that asks all at once',
      together,
      [['a', 'b', 'sampling/createMessage', 'roots/list']],
      [['elicitation-1', 'elicitation-2', 'sampling-1', 'roots-1']],
      2,
      1,
    ],
    [
      'that asks one after the other',
      inTurn,
      [['a'], ['a! b'], ['sampling/createMessage'], ['roots/list']],
      [['elicitation-1'], ['elicitation-2'], ['sampling-1'], ['roots-1']],
      5,
      1,
    ],
    ['that returns its questions', returning, [['a', 'roots/list']], [['a', 'r']], 2, 2],
  ])('%s: the same questions, and the same result', async (_what, handler, asked, keys, entered, enteredInSession) => {
    const { client, url, count } = await of(handler);
    const alone = await inRounds(client, 't');
    expect(alone).toMatchObject({ asked, keys });
    expect(count.entered).toBe(entered);
    const session = await inSession(url, 't');
    expect(count.entered).toBe(entered + enteredInSession);
    expect(session.asked.flat().sort()).toEqual(asked.flat().sort());
    expect(session.result.isError).toBeUndefined();
    expect(session.result.content).toEqual(alone.result.content);
  });
});

describe('a round that ends with a question (R20)', () => {
  test('a handler that would do without an answer is not let do so: no fallback, no finally', async () => {
    const fell: string[] = [];
    const careful = async (ctx: HandlerContext): Promise<string> => {
      try {
        return String((await ctx.elicit(form('a'))).content?.['name']);
      } catch {
        fell.push('catch');
        return 'fallback';
      } finally {
        fell.push('finally');
      }
    };
    const { client, count } = await of(careful);
    const first = await client.call('t');
    expect(questionsOf(first).map(worded)).toEqual(['a']);
    const declined = nextRound({ name: 't', arguments: {} }, first, { 'elicitation-1': { action: 'decline' } });
    expect(fell).toEqual([]);
    expect(textOf(await client.ask('tools/call', declined))).toBe('undefined');
    expect(fell).toEqual(['finally']);
    expect(count).toEqual({ entered: 2, ended: 1 });
  });

  test('and one that races the question against its own work is not heard any more', async () => {
    const work = deferred<string>();
    const { client, count } = await of(async (ctx) => {
      await Promise.race([ctx.elicit(form('a')), work.promise]);
      return 'too late';
    });
    const first = await client.call('t');
    expect(first.json.result.resultType).toBe('input_required');
    work.resolve('done');
    expect((await inRounds(client, 't')).asked).toEqual([]);
    expect(count.entered).toBe(2);
  });

  test('its signal fires, and not before', async () => {
    const fired = deferred<boolean>();
    const before: boolean[] = [];
    const { client } = await of(async (ctx) => {
      ctx.signal.addEventListener('abort', () => fired.resolve(ctx.signal.aborted));
      before.push(ctx.signal.aborted);
      await ctx.elicit(form('a'));
      return 'done';
    });
    await client.call('t');
    expect(await fired.promise).toBe(true);
    await inRounds(client, 't');
    expect(before).toEqual([false, false, false]);
  });
});

describe('a client that cannot be asked (R20)', () => {
  test.each<[string, (ctx: HandlerContext) => unknown, object, object]>([
    ['forms', (ctx) => ctx.elicit(form('a')), { sampling: {}, roots: {} }, { elicitation: { form: {} } }],
    ['completions', (ctx) => ctx.sample(MODEL), { elicitation: {} }, { sampling: {} }],
    ['roots', (ctx) => ctx.roots(), {}, { roots: {} }],
    [
      'pages, by a handler that returns them',
      () =>
        inputRequired({ inputRequests: { p: inputRequired.elicitUrl({ message: 'In', url: 'https://x.example' }) } }),
      { elicitation: { form: {} } },
      { elicitation: { url: {} } },
    ],
  ])('for %s: 400, -32021 and what it would need', async (_what, ask, capabilities, requiredCapabilities) => {
    const { client, count } = await of(ask as Handler, capabilities);
    const answer = await client.call('t', {}, { id: 'c' });
    expect([...refusalOf(answer), answer.json.id]).toEqual([400, -32021, 'c']);
    expect(answer.json.error.data).toMatchObject({ requiredCapabilities });
    expect(count.entered).toBe(1);
  });
});
