/** Callers of a hosted server: what it learns of them, and what of it they may see (R51). */

import { describe, expect, test } from '@jest/globals';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { hostSdk } from 'mcp-express/sdk';
import { openWire } from '../features/wire-session.js';
import { request } from '../modern/alone.js';
import { send } from '../support/raw-client.js';
import { authenticateByHeader, startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { serverV1 } from './servers-v1.js';

/** Lists and answers by the caller, as servers with several users do. */
function personalServer(): Server {
  const server = new Server({ name: 'personal', version: '1' }, { capabilities: { tools: { listChanged: true } } });
  let calls = 0;
  server.setRequestHandler(ListToolsRequestSchema, (_request, { authInfo }) => ({
    tools: [{ name: `of-${String(authInfo?.extra?.['sub'] ?? 'anyone')}`, inputSchema: { type: 'object' as const } }],
  }));
  server.setRequestHandler(CallToolRequestSchema, () => {
    calls += 1;
    return { content: [{ type: 'text' as const, text: String(calls) }] };
  });
  return server;
}

describe('the callers of a hosted server (R51)', () => {
  test('handlers see the principal, the session and the headers of each request', async () => {
    const { url } = await startServer({ mcp: hostSdk(serverV1), before: [authenticateByHeader] });
    const facts = async (user: string): Promise<object> => {
      const session = await openWire(url, { user });
      const result = await session.tool('facts', {}, { 'x-facts': `of ${user}`, authorization: 'Bearer secret' });
      expect(JSON.parse(result.content[0].text).session).toBe(session.id);
      expect(result.content[0].text).not.toContain('secret');
      return JSON.parse(result.content[0].text);
    };
    const [al, bo] = await Promise.all([facts('al'), facts('bo')]);
    expect([al, bo]).toMatchObject([
      { subject: 'al', header: 'of al' },
      { subject: 'bo', header: 'of bo' },
    ]);
  });

  test('a list that depends on the caller is kept for this caller alone', async () => {
    const { url } = await startServer({ mcp: hostSdk(personalServer), before: [authenticateByHeader] });
    const sessions = await Promise.all(['al', 'bo', 'al'].map((user) => openWire(url, { user })));
    for (let round = 0; round < 2; round += 1) {
      const lists = await Promise.all(sessions.map((session) => session.ask('tools/list')));
      expect(lists.map(({ result }) => result.tools[0].name)).toEqual(['of-al', 'of-bo', 'of-al']);
    }
  });

  test('scopes and visible apply as to own tools, and hidden entries look unknown', async () => {
    const mcp = hostSdk(serverV1, {
      scopes: { sum: ['math'] },
      visible: ({ kind, name }, principal) =>
        principal?.subject === 'al' ||
        !['echo', 'memo://note', 'greet', 'memo://{name}/page'].includes(name) ||
        kind === 'template',
    });
    const { url } = await startServer({ mcp, before: [authenticateByHeader] });
    const [al, bo] = await Promise.all(['al', 'bo'].map((user) => openWire(url, { user })));
    const names = (answer: { result: { tools: { name: string }[] } }): string[] =>
      answer.result.tools.map(({ name }) => name);
    expect(names((await al?.ask('tools/list')) as never)).toContain('echo');
    expect(names((await bo?.ask('tools/list')) as never)).not.toContain('echo');
    expect((await al?.tool('echo', { value: 'v' }))?.content[0].text).toBe('v');
    const hidden = await bo?.ask('tools/call', { name: 'echo', arguments: { value: 'v' } });
    const unknown = await bo?.ask('tools/call', { name: 'nope', arguments: {} });
    expect({ ...hidden?.error, message: '' }).toEqual({ ...unknown?.error, message: '' });
    expect((await bo?.ask('resources/read', { uri: 'memo://note' }))?.error).toMatchObject({
      ...(await bo?.ask('resources/read', { uri: 'memo://nope' }))?.error,
      data: { uri: 'memo://note' },
    });
    expect((await bo?.ask('resources/subscribe', { uri: 'memo://note' }))?.error.data.reason).toBe(
      'resource-not-found',
    );
    expect((await bo?.ask('prompts/list'))?.result.prompts).toEqual([]);
    const refused = await bo?.post({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'sum' } });
    expect([refused?.status, refused?.json.error.data.requiredScopes]).toEqual([403, ['math']]);
  });

  test('instances of sessions keep their state apart, and end with their session', async () => {
    const mcp = hostSdk(personalServer, { instances: 'session', maxInstances: 2 });
    const { url } = await startServer({ mcp });
    const [one, two] = [await openWire(url), await openWire(url)];
    const count = async (session: typeof one): Promise<string> => (await session.tool('x')).content[0].text;
    expect([await count(one), await count(one), await count(two)]).toEqual(['1', '2', '1']);
    expect(mcp.instances).toBe(2);
    // At the limit, the instance that is idle is closed, and made anew when its session comes back.
    const three = await openWire(url);
    expect(await count(three)).toBe('1');
    expect(mcp.instances).toBe(2);
    expect(await count(one)).toBe('1');
    await three.delete();
    await eventually('the instance ends with its session', () => mcp.instances === 1);
    // A stateless caller has no session, and must not see the state of one.
    const alone = await send(url, request('tools/call', { name: 'x' }));
    expect(alone.json.result.content[0].text).toBe('1');
  });
});
