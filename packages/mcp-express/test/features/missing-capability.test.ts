import { describe, expect, test } from '@jest/globals';
import type { HandlerContext } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { openWire, textOf } from './wire-session.js';

const FORM = { type: 'object', properties: { name: { type: 'string' } } } as const;
const MESSAGES = [{ role: 'user', content: { type: 'text', text: 'Hi' } }] as const;

const askForm = (ctx: HandlerContext) => ctx.elicit({ message: 'Who?', requestedSchema: FORM });
const askUrl = (ctx: HandlerContext) =>
  ctx.elicit({ mode: 'url', message: 'Go', url: 'https://example.com', elicitationId: 'e' });
const askModel = (ctx: HandlerContext) => ctx.sample({ messages: [...MESSAGES], maxTokens: 1 });
const askModelWithTools = (ctx: HandlerContext) =>
  ctx.sample({ messages: [...MESSAGES], maxTokens: 1, tools: [{ name: 't', inputSchema: { type: 'object' } }] });
const askRoots = (ctx: HandlerContext) => ctx.roots();

/** Far less than a question may wait for its answer. */
const AT_ONCE_MS = 10_000;

describe('a client without the capability is not asked: the tool fails at once and names it (R16)', () => {
  test.each([
    ['elicitation', askForm, {}, 'elicitation'],
    ['a web page, of a client with forms only', askUrl, { elicitation: { form: {} } }, 'elicitation.url'],
    ['a web page, of a client with an empty "elicitation"', askUrl, { elicitation: {} }, 'elicitation.url'],
    ['a form, of a client with web pages only', askForm, { elicitation: { url: {} } }, 'elicitation.form'],
    ['sampling', askModel, { elicitation: {} }, 'sampling'],
    ['sampling with tools, of a client without', askModelWithTools, { sampling: {} }, 'sampling.tools'],
    ['roots', askRoots, { sampling: {} }, 'roots'],
  ])('%s (R16)', async (_what, ask, capabilities, named) => {
    const mcp = testServer();
    mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ask(ctx)));
    const { url } = await startServer({ mcp });
    const session = await openWire(url, { capabilities });
    await session.tool('echo', { text: 'warm' });
    const begun = performance.now();
    const result = await session.tool('ask');
    expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(named);
  });

  test('a tool may catch it and go on without (R16)', async () => {
    const mcp = testServer();
    mcp.registerTool('ask', {}, (ctx) => askForm(ctx).then(String, (error) => `went on: ${error.code}`));
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    expect(textOf(await session.tool('ask'))).toBe('went on: capability-missing');
  });

  test('an empty "elicitation" means forms (MCP 2025-11-25, Elicitation, Capabilities)', async () => {
    const mcp = testServer();
    mcp.registerTool('ask', {}, async (ctx) => (await askForm(ctx)).action);
    const { url } = await startServer({ mcp });
    const session = await openWire(url, { capabilities: { elicitation: {} }, revision: '2025-06-18' });
    const stream = await session.callStream('ask', {}, 1);
    await stream.untilMessages(1);
    await session.answer(stream.messages[0].id, { action: 'decline' });
    await stream.untilClosed();
    expect(textOf(stream.messages[1].result)).toBe('decline');
  });

  test('in a prompt and in a resource it is a JSON-RPC error that names it (R16)', async () => {
    const mcp = testServer();
    mcp.registerPrompt('ask', {}, async (ctx) => (await askForm(ctx)).action);
    mcp.registerResource('ask', 'x://ask', {}, async (_uri, ctx) => (await askForm(ctx)).action);
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    for (const [method, params] of [
      ['prompts/get', { name: 'ask' }],
      ['resources/read', { uri: 'x://ask' }],
    ] as const) {
      const { error } = await session.ask(method, params);
      expect(error).toMatchObject({
        data: { reason: 'capability-missing', requiredCapabilities: { elicitation: { form: {} } } },
      });
    }
  });
});
