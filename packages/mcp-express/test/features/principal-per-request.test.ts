import { describe, expect, test } from '@jest/globals';
import { type HandlerContext, McpServer, ResourceTemplate } from 'mcp-express';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { openWire, type WireSession } from './wire-session.js';

const who = ({ principal }: HandlerContext): string => principal?.subject ?? 'nobody';

function whoServer(): McpServer {
  const mcp = new McpServer({ name: 'who', version: '1' });
  mcp.registerTool('whoami', {}, async (ctx) => {
    await null;
    return who(ctx);
  });
  mcp.registerResource('me', 'who://me', {}, (_uri, ctx) => who(ctx));
  mcp.registerResource(
    'of',
    new ResourceTemplate('who://of/{id}', {
      list: (ctx) => ({ resources: [{ uri: `who://of/${who(ctx)}`, name: who(ctx) }] }),
    }),
    {},
    (_uri, { id }, ctx) => `${id} asked by ${who(ctx)}`,
  );
  const complete = { name: (_value: string, _context: object, ctx: HandlerContext) => [who(ctx)] };
  mcp.registerPrompt('me', { argsSchema: { type: 'object' }, complete }, (_args, ctx) => who(ctx));
  return mcp;
}

const ASK: Readonly<Record<string, (session: WireSession, headers?: Record<string, string>) => Promise<string>>> = {
  tool: async (session, headers) => (await session.tool('whoami', {}, headers)).content[0].text,
  resource: async (session, headers) =>
    (await session.ask('resources/read', { uri: 'who://me' }, headers)).result.contents[0].text,
  'resource template': async (session, headers) =>
    (await session.ask('resources/read', { uri: 'who://of/x' }, headers)).result.contents[0].text.slice(
      'x asked by '.length,
    ),
  'list of a template': async (session, headers) =>
    (await session.ask('resources/list', {}, headers)).result.resources.at(-1).name,
  prompt: async (session, headers) =>
    (await session.ask('prompts/get', { name: 'me' }, headers)).result.messages[0].content.text,
  completion: async (session, headers) =>
    (
      await session.ask(
        'completion/complete',
        { ref: { type: 'ref/prompt', name: 'me' }, argument: { name: 'name', value: '' } },
        headers,
      )
    ).result.completion.values[0],
};

describe.each(Object.entries(ASK))('whoever asks reaches the handler of a %s (R41)', (_what, ask) => {
  test('signed in, and anonymous (R41)', async () => {
    const { url } = await startServer({ mcp: whoServer(), before: [authenticateByHeader] });
    const [alice, bob] = [await openWire(url, { user: 'alice' }), await openWire(url, { user: 'bob' })];
    expect([await ask(alice), await ask(bob), await ask(alice)]).toEqual(['alice', 'bob', 'alice']);
  });
});

describe('the principal is that of the request, not of the session (R41, R21)', () => {
  test('what a refreshed token says is seen by the next call, and by no earlier one (R41, R5)', async () => {
    const mcp = new McpServer({ name: 'who', version: '1' });
    mcp.registerTool('scopes', {}, ({ principal }) => String(principal?.scopes));
    const { url } = await startServer({
      mcp,
      options: {
        principal: (request) => ({ subject: 'alice', scopes: [String(request.headers['x-scope'])] }),
      },
    });
    const session = await openWire(url);
    for (const scope of ['read', 'write', 'read']) {
      expect((await session.tool('scopes', {}, { 'x-scope': scope })).content[0].text).toBe(scope);
    }
  });

  test('another user in the same session is 404, and the handler does not run (R41, R5)', async () => {
    let calls = 0;
    const mcp = new McpServer({ name: 'who', version: '1' });
    mcp.registerTool('count', {}, () => {
      calls += 1;
      return 'counted';
    });
    const { url } = await startServer({ mcp, before: [authenticateByHeader] });
    const alice = await openWire(url, { user: 'alice' });
    const answer = await alice.as('bob').call('count');
    expect([answer.status, calls]).toEqual([404, 0]);
    expect((await alice.call('count', {}, 1, { headers: { [USER_HEADER]: undefined } })).status).toBe(404);
    expect((await alice.call('count')).status).toBe(200);
  });

  test('a call that goes on while others of other users run keeps its own (R41)', async () => {
    const mcp = new McpServer({ name: 'who', version: '1' });
    mcp.registerTool('later', {}, async (ctx) => {
      const before = who(ctx);
      for (let round = 0; round < 20; round += 1) await new Promise(setImmediate);
      return `${before} ${who(ctx)}`;
    });
    const { url } = await startServer({ mcp, before: [authenticateByHeader] });
    const users = Array.from({ length: 20 }, (_each, index) => `u${index}`);
    const sessions = await Promise.all(users.map((user) => openWire(url, { user })));
    const answers = await Promise.all(sessions.map((session) => session.tool('later')));
    expect(answers.map(({ content }) => content[0].text)).toEqual(users.map((user) => `${user} ${user}`));
  });

  test('the request that carried the call is there too: headers and address (R41)', async () => {
    const mcp = new McpServer({ name: 'who', version: '1' });
    mcp.registerTool('request', {}, ({ request }) => `${String(request.headers['x-trace'])} ${request.ip}`);
    const { url } = await startServer({ mcp });
    const session = await openWire(url);
    expect((await session.tool('request', {}, { 'x-trace': 't-1' })).content[0].text).toMatch(/^t-1 .*127\.0\.0\.1$/);
  });
});
