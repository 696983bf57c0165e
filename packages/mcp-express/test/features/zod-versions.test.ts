import { describe, expect, test } from '@jest/globals';
import { McpServer, type RawShape } from 'mcp-express';
import * as newest from 'zod';
import * as mini from 'zod/mini';
import * as z40 from 'zod-4.0';
import * as mini40 from 'zod-4.0/mini';
import * as z41 from 'zod-4.1';
import { z as z3 } from 'zod3';
import * as four from 'zod3/v4';
import { startServer } from '../support/start-server.js';
import { CAPABLE, openWire, textOf } from './wire-session.js';

/** What the test needs of each version: the same shape, and an object of it. */
interface Library {
  readonly shape: RawShape;
  readonly object: (shape: RawShape) => unknown;
  /** A prompt's arguments. */
  readonly texts: RawShape;
}

type Classic = typeof newest;
type Mini = typeof mini;

function classic(z: Pick<Classic, 'string' | 'number' | 'object'>): Library {
  const shape = { a: z.string().min(2).describe('the a'), n: z.number().optional() };
  const texts = { who: z.string().describe('the who'), how: z.string().optional() };
  return { shape, texts, object: (of) => z.object(of as typeof shape) };
}

function small(z: Pick<Mini, 'string' | 'number' | 'object' | 'optional' | 'minLength'>): Library {
  const shape = { a: z.string().check(z.minLength(2)), n: z.optional(z.number()) };
  return {
    shape,
    texts: { who: z.string(), how: z.optional(z.string()) },
    object: (of) => z.object(of as typeof shape),
  };
}

const zod3: Library = {
  shape: { a: z3.string().min(2).describe('the a'), n: z3.number().optional() },
  texts: { who: z3.string().describe('the who'), how: z3.string().optional() },
  object: (of) => z3.object(of as never),
};

const LIBRARIES: readonly [string, Library, boolean][] = [
  ['Zod, newest', classic(newest), true],
  ['Zod 4.1', classic(z41 as never), true],
  ['Zod 4.0', classic(z40 as never), true],
  ['zod/v4 of Zod 3.25', classic(four as never), true],
  ['Zod 3.25', zod3, true],
  ['zod/mini, newest', small(mini), false],
  ['zod/mini of Zod 4.0', small(mini40 as never), false],
];

async function served({ shape, object, texts }: Library) {
  const mcp = new McpServer({ name: 'z', version: '1' });
  const inputs = { shape, object: object(shape) as RawShape };
  for (const [name, inputSchema] of Object.entries(inputs)) {
    mcp.registerTool(name, { inputSchema, outputSchema: inputSchema }, (args) => args);
    mcp.registerTool(`ask-${name}`, {}, async (ctx) => {
      const answer = await ctx.elicit({ message: 'Say', requestedSchema: inputSchema });
      return answer.action;
    });
  }
  mcp.registerPrompt('greet', { argsSchema: texts }, () => 'hi');
  const { url } = await startServer({ mcp });
  return openWire(url, { capabilities: CAPABLE });
}

describe.each(LIBRARIES)('%s (R39)', (_name, library, described) => {
  const a = { type: 'string', minLength: 2, ...(described ? { description: 'the a' } : {}) };

  test.each(['shape', 'object'])('the %s is listed for what goes in and for what comes out', async (name) => {
    const session = await served(library);
    const { tools } = (await session.ask('tools/list')).result;
    const tool = tools.find((each: { name: string }) => each.name === name);
    for (const schema of [tool.inputSchema, tool.outputSchema]) {
      expect(schema).toMatchObject({ type: 'object', properties: { a, n: { type: 'number' } }, required: ['a'] });
    }
  });

  test.each(['shape', 'object'])('the %s is what calls are checked against', async (name) => {
    const session = await served(library);
    expect((await session.tool(name, { a: 'xy', n: 1 })).structuredContent).toEqual({ a: 'xy', n: 1 });
    const wrong = await session.tool(name, { a: 'x', n: 'one' });
    expect(wrong.isError).toBe(true);
    expect(textOf(wrong)).toMatch(/a: .*n: /s);
  });

  test.each(['shape', 'object'])('the %s is sent as a form', async (name) => {
    const session = await served(library);
    const stream = await session.stream({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: `ask-${name}`, arguments: {} },
    });
    const [question] = await stream.untilMessages(1);
    expect(question.params.requestedSchema).toMatchObject({
      properties: { a, n: { type: 'number' } },
      required: ['a'],
    });
    stream.destroy();
  });

  test('a prompt lists its arguments', async () => {
    const [prompt] = (await (await served(library)).ask('prompts/list')).result.prompts;
    expect(prompt.arguments).toEqual([
      { name: 'who', required: true, ...(described ? { description: 'the who' } : {}) },
      { name: 'how', required: false },
    ]);
  });
});

describe('a schema with a name of its own, which Zod writes as a reference (R39)', () => {
  const Size = newest.enum(['s', 'm']).meta({ id: 'Size', description: 'the size' });
  const shape = { one: Size, other: Size.optional() };

  test('keeps its description as an argument of a prompt', async () => {
    const [prompt] = (await (await served({ shape, texts: shape, object: () => shape })).ask('prompts/list')).result
      .prompts;
    expect(prompt.arguments).toEqual([
      { name: 'one', description: 'the size', required: true },
      { name: 'other', description: 'the size', required: false },
    ]);
  });

  test('is written out in a form', async () => {
    const session = await served({ shape, texts: shape, object: () => shape });
    const params = { name: 'ask-shape', arguments: {} };
    const stream = await session.stream({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const [question] = await stream.untilMessages(1);
    expect(question.params.requestedSchema.properties.one).toMatchObject({ type: 'string', enum: ['s', 'm'] });
    expect(question.params.requestedSchema).not.toHaveProperty('$defs');
    stream.destroy();
  });
});

describe('a union at the root (R39)', () => {
  const shape = newest.discriminatedUnion('kind', [
    newest.object({ kind: newest.literal('circle'), radius: newest.string() }),
    newest.object({ kind: newest.literal('rect'), width: newest.string() }),
  ]);

  async function servedUnion() {
    const mcp = new McpServer({ name: 'u', version: '1' });
    const seen = newest.object({ at: newest.date() });
    mcp.registerTool('draw', { inputSchema: shape, outputSchema: shape }, (args) => args);
    mcp.registerTool('when', { outputSchema: seen }, () => ({ at: new Date(0) }));
    mcp.registerTool('ask', {}, async (ctx) => {
      await ctx.elicit({ message: 'Say', requestedSchema: shape });
      return 'asked';
    });
    mcp.registerPrompt('draw', { argsSchema: shape }, (args) => JSON.stringify(args));
    const { url } = await startServer({ mcp });
    return openWire(url, { capabilities: CAPABLE });
  }

  test('is listed as one object, and checked as the union', async () => {
    const session = await servedUnion();
    const { tools } = (await session.ask('tools/list')).result;
    expect(tools[0].inputSchema).toMatchObject({
      type: 'object',
      properties: { kind: { enum: ['circle', 'rect'] }, radius: { type: 'string' }, width: { type: 'string' } },
      required: ['kind'],
    });
    expect(tools[0].outputSchema).toMatchObject({ type: 'object', oneOf: [{}, {}] });
    const rect = { kind: 'rect', width: '2' };
    expect((await session.tool('draw', rect)).structuredContent).toEqual(rect);
    expect(textOf(await session.tool('draw', { kind: 'rect', radius: '2' }))).toMatch(/width: /);
  });

  test('gives a prompt the arguments of all alternatives', async () => {
    const session = await servedUnion();
    const [prompt] = (await session.ask('prompts/list')).result.prompts;
    expect(prompt.arguments).toEqual([
      { name: 'kind', required: true },
      { name: 'radius', required: false },
      { name: 'width', required: false },
    ]);
    expect(await session.ask('prompts/get', { name: 'draw', arguments: { kind: 'rect' } })).toMatchObject({
      error: { code: -32602, message: expect.stringContaining('width') },
    });
  });

  test('is no form, and the error says what to write instead', async () => {
    expect(textOf(await (await servedUnion()).tool('ask', {}))).toMatch(
      /a form cannot be a union.*Ask for the kind first/,
    );
  });

  test('a Date in a result is text, as its schema says', async () => {
    const session = await servedUnion();
    const { tools } = (await session.ask('tools/list')).result;
    expect(tools[1].outputSchema.properties.at).toEqual({ type: 'string', format: 'date-time' });
    expect((await session.tool('when', {})).structuredContent).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });
});
