import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { deferred, within } from '../support/wait.js';
import { CAPABLE, type Connected, DRIVERS } from './official-clients.js';

const FORM = {
  type: 'object',
  properties: { name: { type: 'string' }, newsletter: { type: 'boolean', default: true } },
  required: ['name'],
} as const;
const TOOLS = [{ name: 'weather', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } }];
const WEATHER = { type: 'tool_use' as const, id: 'c1', name: 'weather', input: { city: 'Paris' } };

function asking(): McpServer {
  const mcp = new McpServer({ name: 'asking', version: '1' });
  mcp.registerTool('form', {}, async (ctx) =>
    JSON.stringify(await ctx.elicit({ message: 'Who?', requestedSchema: FORM })),
  );
  mcp.registerTool('impatient', {}, async (ctx) =>
    ctx
      .elicit({ message: 'Who?', requestedSchema: FORM }, { timeoutMs: 50 })
      .then(JSON.stringify, (error) => error.code),
  );
  mcp.registerTool('page', {}, async (ctx) =>
    JSON.stringify(
      await ctx.elicit({ mode: 'url', message: 'Sign in.', url: 'https://example.com/in', elicitationId: 'e-1' }),
    ),
  );
  mcp.registerTool('model', {}, async (ctx) => {
    const question = { role: 'user' as const, content: { type: 'text' as const, text: 'Weather in Paris?' } };
    const first = await ctx.sample({ messages: [question], tools: TOOLS, maxTokens: 50 });
    const uses = [first.content].flat().filter(({ type }) => type === 'tool_use');
    const results = uses.map((use) => ({
      type: 'tool_result' as const,
      toolUseId: (use as typeof WEATHER).id,
      content: [{ type: 'text' as const, text: '18 °C' }],
    }));
    const second = await ctx.sample({
      messages: [question, { role: 'assistant', content: first.content }, { role: 'user', content: results }],
      tools: TOOLS,
      maxTokens: 50,
    });
    return JSON.stringify([second.content].flat()[0]);
  });
  mcp.registerTool('plain', {}, async (ctx) => {
    const { content } = await ctx.sample({
      messages: [{ role: 'user', content: { type: 'text', text: 'Hi' } }],
      maxTokens: 5,
    });
    return JSON.stringify(content);
  });
  mcp.registerTool('roots', {}, async (ctx) => (await ctx.roots()).map(({ uri }) => uri).join(' '));
  return mcp;
}

describe.each(DRIVERS)('$name is asked in the middle of a call (R16, R20)', ({ connect }) => {
  const start = async (
    prepare?: (client: Pick<Connected, 'onRequest' | 'onNotification'>) => void,
    capabilities: object = CAPABLE,
  ) => {
    const server = await startServer({ mcp: asking() });
    const connected = await connect(server.url, { capabilities, ...(prepare === undefined ? {} : { prepare }) });
    return { ...server, ...connected, text: async (name: string) => (await connected.callTool(name)).content[0].text };
  };

  test('to fill in a form (R16)', async () => {
    const asked: unknown[] = [];
    const { text, errors } = await start(({ onRequest }) =>
      onRequest('elicitation/create', ({ params }) => {
        asked.push(params);
        return { action: 'accept', content: { name: 'Ada', newsletter: false } };
      }),
    );
    expect(JSON.parse(await text('form'))).toEqual({ action: 'accept', content: { name: 'Ada', newsletter: false } });
    expect(asked).toMatchObject([{ message: 'Who?', requestedSchema: FORM }]);
    expect(errors).toEqual([]);
  });

  test('to open a page (R16)', async () => {
    const asked: unknown[] = [];
    const { text } = await start(({ onRequest }) =>
      onRequest('elicitation/create', ({ params }) => {
        asked.push(params);
        return { action: 'accept' };
      }),
    );
    expect(JSON.parse(await text('page'))).toEqual({ action: 'accept' });
    expect(asked).toMatchObject([{ mode: 'url', url: 'https://example.com/in', elicitationId: 'e-1' }]);
  });

  test('by its model, with tools, over two rounds (R16)', async () => {
    const rounds: number[] = [];
    const { text } = await start(({ onRequest }) =>
      onRequest('sampling/createMessage', ({ params }) => {
        rounds.push(params.messages.length);
        const answer = { role: 'assistant', model: 'm' };
        if (params.messages.length === 1) return { ...answer, content: [WEATHER], stopReason: 'toolUse' };
        const [{ content }] = params.messages.at(-1).content;
        return { ...answer, content: { type: 'text', text: `It is ${content[0].text}.` }, stopReason: 'endTurn' };
      }),
    );
    expect(JSON.parse(await text('model'))).toEqual({ type: 'text', text: 'It is 18 °C.' });
    expect(rounds).toEqual([1, 3]);
  });

  test('by its model, without tools (R16)', async () => {
    const { text } = await start(
      ({ onRequest }) =>
        onRequest('sampling/createMessage', () => ({
          role: 'assistant',
          model: 'm',
          content: { type: 'text', text: 'Hello' },
        })),
      { sampling: {} },
    );
    expect(JSON.parse(await text('plain'))).toEqual({ type: 'text', text: 'Hello' });
  });

  test('for its roots, and tells when they change (R16)', async () => {
    const roots = [{ uri: 'file:///one' }];
    const { text, client, mcp, transport } = await start(({ onRequest }) => onRequest('roots/list', () => ({ roots })));
    const changes: unknown[] = [];
    const stop = mcp.onRootsChanged((change) => changes.push(change));
    expect(await text('roots')).toBe('file:///one');
    roots.push({ uri: 'file:///two' });
    await client.sendRootsListChanged();
    expect(changes).toEqual([{ sessionId: transport.sessionId, principal: undefined }]);
    expect(await text('roots')).toBe('file:///one file:///two');
    stop();
    await client.sendRootsListChanged();
    expect(changes).toHaveLength(1);
  });

  test('and refuses with an error: the tool fails with its words (R16)', async () => {
    const { callTool, errors } = await start(({ onRequest }) =>
      onRequest('elicitation/create', () => {
        throw new Error('Not today.');
      }),
    );
    const result = await callTool('form');
    expect([result.isError, result.content[0].text]).toEqual([true, expect.stringContaining('Not today.')]);
    expect(errors).toEqual([]);
  });

  test('although it cannot: the tool fails at once, naming what it lacks (R16)', async () => {
    const { callTool } = await start(undefined, {});
    for (const [tool, named] of [
      ['form', 'elicitation'],
      ['page', 'elicitation.url'],
      ['model', 'sampling'],
      ['roots', 'roots'],
    ] as const) {
      const result = await callTool(tool);
      expect([result.isError, result.content[0].text]).toEqual([true, expect.stringContaining(named)]);
    }
  });

  test('and takes too long: its handler is told to stop (R16, MCP, Cancellation)', async () => {
    const withdrawn = deferred();
    const { text, errors } = await start(({ onRequest }) =>
      onRequest('elicitation/create', async (_request, signal) => {
        signal.addEventListener('abort', () => withdrawn.resolve(), { once: true });
        await withdrawn.promise;
        return { action: 'decline' };
      }),
    );
    expect(await text('impatient')).toBe('client-timeout');
    await within('the withdrawal', withdrawn.promise);
    expect(errors).toEqual([]);
  });
});
