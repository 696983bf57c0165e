import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpError, McpServer } from 'mcp-express';
import { z } from 'zod';
import { type JsonBody, send } from '../support/raw-client.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { addGate } from '../support/test-tools.js';
import { ask, initializeWith, open } from './client.js';
import { ALL, NEWEST_ONLY, SINCE_2025_06_18 } from './requirement.js';
import { INFO, specServer } from './server.js';

const namesOf = ({ json }: JsonBody): string[] => json.result.tools.map(({ name }: JsonBody) => name);

describe('the list of tools', () => {
  test.each(ALL)('%s: a server with tools declares them [tools.capability]', async (revision) => {
    const { url } = await startServer({ mcp: specServer() });
    const { json } = await send(url, { body: initializeWith(revision) });
    expect(json.result.capabilities.tools).toEqual({ listChanged: true });
  });

  test.each(ALL)('%s: clients are told when it changes [tools.list-changed]', async (revision) => {
    const { session, mcp } = await open({ revision });
    const stream = await session.listen();
    const tool = mcp.registerTool('new', {}, () => 'x');
    await stream.untilMessages(1);
    tool.remove();
    await stream.untilMessages(2);
    const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };
    expect(stream.messages).toEqual([changed, changed]);
  });

  test.each(NEWEST_ONLY)('%s: a tool without arguments has a schema too [tools.input-schema]', async (revision) => {
    const { session } = await open({ revision });
    const { tools } = (await ask(session, 'tools/list')).json.result;
    const { inputSchema } = tools.find(({ name }: JsonBody) => name === 'who');
    expect(inputSchema).toMatchObject({ type: 'object' });
  });
});

describe('names', () => {
  const longest = 'x'.repeat(128);

  test.each(['', `${longest}x`])('%p is too short or too long [tools.name-length]', (name) => {
    expect(() => specServer().registerTool(name, {}, () => 'x')).toThrow(ConfigurationError);
  });

  test.each(['a b', 'a,b', 'a/b', 'ä', 'a:b', 'a\n', '名'])(
    '%p has characters that names have not [tools.name-characters, tools.name-special]',
    (name) => {
      expect(() => specServer().registerTool(name, {}, () => 'x')).toThrow(ConfigurationError);
    },
  );

  test.each(NEWEST_ONLY)(
    '%s: names that differ in case alone are two, and all allowed characters are [tools.name-case, tools.name-characters, tools.name-length]',
    async (revision) => {
      const mcp = specServer();
      const names = ['getUser', 'GETUSER', 'DATA_EXPORT_v2', 'admin.tools.list', 'a-b', '1', longest];
      for (const name of names) mcp.registerTool(name, {}, () => name);
      const { session } = await open({ revision, mcp });
      expect(namesOf(await ask(session, 'tools/list'))).toEqual(expect.arrayContaining(names));
      for (const name of names) expect((await session.call(name)).json.result.content[0].text).toBe(name);
      expect((await session.call('getuser')).json.error.code).toBe(-32602);
    },
  );

  test('a name that is taken is refused [tools.name-unique]', () => {
    expect(() => specServer().registerTool('echo', {}, () => 'x')).toThrow(ConfigurationError);
  });
});

describe('results', () => {
  test.each(SINCE_2025_06_18)(
    '%s: a server can have tools that embed resources, and resources [tools.embedded-resources]',
    async (revision) => {
      const { session, url } = await open({ revision });
      const { content } = (await session.call('contents')).json.result;
      expect(content.map(({ type }: JsonBody) => type)).toEqual(['text', 'image', 'audio', 'resource']);
      const { json } = await send(url, { body: initializeWith(revision) });
      expect(json.result.capabilities.resources).toBeDefined();
    },
  );

  test.each(SINCE_2025_06_18)('%s: a structured one is there as text too [tools.structured-text]', async (revision) => {
    const mcp = specServer();
    const outputSchema = z.object({ celsius: z.number() });
    mcp.registerTool('weather', { outputSchema }, () => ({ celsius: 21.5 }));
    const { session } = await open({ revision, mcp });
    const { result } = (await session.call('weather')).json;
    expect(result.structuredContent).toEqual({ celsius: 21.5 });
    expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
  });

  test.each(ALL)(
    '%s: whatever they hold, they are results and nothing else [tools.sanitize-outputs]',
    async (revision) => {
      const { session } = await open({ revision });
      const text = 'x\n\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\r\n\r\nid: 7\u0000\u2028"}\u001b[31m';
      const stream = await session.callStream('echo', { text }, 1, { headers: { accept: 'text/event-stream' } });
      await stream.untilClosed();
      expect(stream.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } }]);
    },
  );

  test.each(ALL)(
    '%s: what cannot be sent is an error of the tool, not a broken answer [tools.sanitize-outputs]',
    async (revision) => {
      const mcp = specServer();
      const loop: Record<string, unknown> = {};
      loop['loop'] = loop;
      const wrong = [
        undefined,
        5,
        null,
        { no: 'content' },
        { content: [], _meta: loop },
        { content: [], _meta: { n: 1n } },
      ];
      for (const [index, value] of wrong.entries()) mcp.registerTool(`wrong-${index}`, {}, () => value as never);
      const { session } = await open({ revision, mcp });
      for (const index of wrong.keys()) {
        const { status, json } = await session.call(`wrong-${index}`);
        expect([status, json.id, json.result.isError]).toEqual([200, 1, true]);
      }
    },
  );
});

describe('calls', () => {
  test.each(ALL)('%s: arguments are checked before the tool runs [tools.validate-inputs]', async (revision) => {
    const mcp = specServer();
    let runs = 0;
    const inputSchema = { text: z.string().max(3), count: z.number().int().optional() };
    mcp.registerTool('strict', { inputSchema }, () => {
      runs += 1;
      return 'ran';
    });
    const { session } = await open({ revision, mcp });
    for (const args of [{}, { text: 5 }, { text: 'long' }, { text: 'x', count: 1.5 }, { text: null }]) {
      expect((await session.call('strict', args)).json.result.isError).toBe(true);
    }
    for (const params of [{}, { name: 5 }, { name: 'strict', arguments: [] }, { name: 'strict', arguments: 'x' }]) {
      expect((await ask(session, 'tools/call', params)).json.error.code).toBe(-32602);
    }
    expect(runs).toBe(0);
    expect((await session.call('strict', { text: 'x' })).json.result.content[0].text).toBe('ran');
  });

  test.each(ALL)(
    '%s: a tool knows who calls, and can refuse; a session is of no use to others [tools.access-control]',
    async (revision) => {
      const mcp = specServer();
      mcp.registerTool('admin', {}, (ctx) => {
        if (ctx.principal?.subject !== 'root') throw new McpError('insufficient-scope', 'Not you');
        return 'done';
      });
      const headers = { [USER_HEADER]: 'alice' };
      const { session } = await open({ revision, mcp, before: [authenticateByHeader], headers });
      expect((await session.call('admin')).json.error.message).toBe('Not you');
      expect((await session.call('admin', {}, 1, { headers: { [USER_HEADER]: 'root' } })).status).toBe(404);
    },
  );

  test.each(ALL)('%s: a client cannot have any number running [tools.rate-limit]', async (revision) => {
    const mcp = specServer();
    const gate = addGate(mcp);
    const { session } = await open({ revision, mcp, options: { maxCallsPerSession: 2 } });
    const running = [session.call('gate', {}, 1), session.call('gate', {}, 2)];
    const calls = [await gate.begun(), await gate.begun()];
    const refused = await session.call('gate', {}, 3);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    for (const call of calls) call.resolve('done');
    for (const each of running) await each;
    expect(gate.calls).toHaveLength(2);
    expect((await session.call('echo', { text: 'x' })).status).toBe(200);
  });

  test('a server without tools has none, and says so [tools.validate-inputs]', async () => {
    const { session } = await open({ mcp: new McpServer(INFO) });
    expect(namesOf(await ask(session, 'tools/list'))).toEqual([]);
    expect((await session.call('echo')).json.error.code).toBe(-32602);
  });
});
