import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpError, McpServer } from 'mcp-express';
import { z } from 'zod';
import type { JsonBody, RawAnswer } from '../../support/raw-client.js';
import { authenticateByHeader } from '../../support/start-server.js';
import { INFO, specServer } from '../server.js';
import { META, refusalOf, start, textOf } from './client.js';

const namesOf = ({ json }: RawAnswer): string[] => json.result.tools.map(({ name }: JsonBody) => name);

describe('the list of tools', () => {
  test('a server with tools declares them, and lists them [tools.capability, tools.list-answered]', async () => {
    const { client } = await start();
    expect((await client.ask('server/discover')).json.result.capabilities.tools).toEqual({ listChanged: true });
    expect(namesOf(await client.ask('tools/list'))).toEqual(expect.arrayContaining(['echo', 'fail', 'who']));
  });

  test('a server without any lists none [tools.list-answered]', async () => {
    const { client } = await start({ mcp: new McpServer(INFO) });
    expect(namesOf(await client.ask('tools/list'))).toEqual([]);
    expect(refusalOf(await client.call('echo'))).toEqual([200, -32602]);
  });

  test('no connection and no earlier request changes it, who asks does [tools.list-stable, tools.access-control]', async () => {
    const mcp = specServer();
    mcp.registerTool('hidden', { visible: (principal) => principal?.subject === 'root' }, () => 'done');
    const { client } = await start({ mcp, before: [authenticateByHeader], user: 'alice' });
    const { text } = await client.ask('tools/list');
    await client.call('echo', { text: 'x' }, { capabilities: { roots: {} }, meta: { [META.level]: 'debug' } });
    await client.ask('tools/list', {}, { user: 'root' });
    await client.call('hidden');
    expect((await client.ask('tools/list')).text).toBe(text);
    expect(namesOf(await client.ask('tools/list'))).not.toContain('hidden');
    expect(namesOf(await client.ask('tools/list', {}, { user: 'root' }))).toContain('hidden');
  });

  test('it comes in the same order each time, on every server [tools.list-order]', async () => {
    const [one, other] = [await start(), await start()];
    const lists = [
      await one.client.ask('tools/list'),
      await one.client.ask('tools/list'),
      await other.client.ask('tools/list'),
    ];
    expect(new Set(lists.map((list) => namesOf(list).join())).size).toBe(1);
  });

  test('who listens is told when it changes [tools.list-changed]', async () => {
    const { client, mcp } = await start();
    const stream = await client.listen({ toolsListChanged: true });
    const tool = mcp.registerTool('new', {}, () => 'x');
    await stream.untilMessages(2);
    tool.remove();
    await stream.untilMessages(3);
    expect(stream.messages.slice(1).map(({ method }) => method)).toEqual([
      'notifications/tools/list_changed',
      'notifications/tools/list_changed',
    ]);
  });

  test('a tool without arguments has a schema too [tools.input-schema]', async () => {
    const { client } = await start();
    const { tools } = (await client.ask('tools/list')).json.result;
    expect(tools.find(({ name }: JsonBody) => name === 'who').inputSchema).toMatchObject({ type: 'object' });
  });
});

describe('names', () => {
  const longest = 'x'.repeat(128);

  test.each(['', `${longest}x`, 'a b', 'a,b', 'a/b', 'ä', 'a\n'])(
    '%p is none [tools.name-length, tools.name-characters, tools.name-special]',
    (name) => {
      expect(() => specServer().registerTool(name, {}, () => 'x')).toThrow(ConfigurationError);
    },
  );

  test('one that is taken is refused [tools.name-unique]', () => {
    expect(() => specServer().registerTool('echo', {}, () => 'x')).toThrow(ConfigurationError);
  });

  test('those that differ in case alone are two, and all allowed characters are [tools.name-case, tools.name-characters, tools.name-length]', async () => {
    const mcp = specServer();
    const names = ['getUser', 'GETUSER', 'DATA_EXPORT_v2', 'admin.tools.list', 'a-b', '1', longest];
    for (const name of names) mcp.registerTool(name, {}, () => name);
    const { client } = await start({ mcp });
    for (const name of names) expect(textOf(await client.call(name))).toBe(name);
    expect(refusalOf(await client.call('getuser'))).toEqual([200, -32602]);
  });
});

describe('results', () => {
  test('a server can have tools that embed resources, and resources [tools.embedded-resources]', async () => {
    const { client } = await start();
    const { content } = (await client.call('contents')).json.result;
    expect(content.map(({ type }: JsonBody) => type)).toEqual(['text', 'image', 'audio', 'resource']);
    expect((await client.ask('server/discover')).json.result.capabilities.resources).toBeDefined();
  });

  test('a structured one is there as text too, and conforms to its schema [tools.structured-text, tools.output-schema]', async () => {
    const mcp = specServer();
    const outputSchema = z.object({ celsius: z.number() });
    mcp.registerTool('weather', { outputSchema }, () => ({ celsius: 21.5 }));
    const { client } = await start({ mcp });
    const { result } = (await client.call('weather')).json;
    expect(result.structuredContent).toEqual({ celsius: 21.5 });
    expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
  });

  test('one that does not conform is not sent [tools.output-schema]', async () => {
    const mcp = specServer();
    const outputSchema = {
      type: 'object',
      properties: { celsius: { type: 'number' } },
      required: ['celsius'],
    } as const;
    const wrong = [
      {},
      { celsius: 'warm' },
      { content: [], structuredContent: { celsius: 'warm' } },
      { content: [] },
      'warm',
    ];
    for (const [index, value] of wrong.entries()) {
      mcp.registerTool(`wrong-${index}`, { outputSchema }, () => value as never);
    }
    const { client } = await start({ mcp });
    for (const index of wrong.keys()) {
      const { result } = (await client.call(`wrong-${index}`)).json;
      expect([result.isError, result.structuredContent]).toEqual([true, undefined]);
    }
  });

  test('whatever they hold, they are results and nothing else [tools.sanitize-outputs]', async () => {
    const { client } = await start();
    const text = 'x\n\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\r\n\r\nid: 7\u0000\u2028"}\u001b[31m';
    expect(await client.messagesOfCall('echo', { text })).toMatchObject([{ id: 1, result: { content: [{ text }] } }]);
  });

  test('what cannot be sent is an error of the tool, not a broken answer [tools.sanitize-outputs]', async () => {
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
    const { client } = await start({ mcp });
    for (const index of wrong.keys()) {
      const { status, json } = await client.call(`wrong-${index}`);
      expect([status, json.id, json.result.isError]).toEqual([200, 1, true]);
    }
  });
});

describe('calls', () => {
  test('arguments are checked before the tool runs [tools.validate-inputs]', async () => {
    const mcp = specServer();
    let runs = 0;
    const inputSchema = { text: z.string().max(3), count: z.number().int().optional() };
    mcp.registerTool('strict', { inputSchema }, () => {
      runs += 1;
      return 'ran';
    });
    const { client } = await start({ mcp });
    for (const args of [{}, { text: 5 }, { text: 'long' }, { text: 'x', count: 1.5 }, { text: null }]) {
      expect((await client.call('strict', args)).json.result.isError).toBe(true);
    }
    for (const params of [{}, { name: 5 }, { name: 'strict', arguments: [] }, { name: 'strict', arguments: 'x' }]) {
      expect((await client.ask('tools/call', params)).json.error.code).toBe(-32602);
    }
    expect(runs).toBe(0);
    expect(textOf(await client.call('strict', { text: 'x' }))).toBe('ran');
  });

  test('a tool that is not for everybody does not exist for others, or refuses them [tools.access-control]', async () => {
    const mcp = specServer();
    let runs = 0;
    mcp.registerTool('hidden', { visible: (principal) => principal?.subject === 'root' }, () => {
      runs += 1;
      return 'done';
    });
    mcp.registerTool('admin', {}, (ctx) => {
      if (ctx.principal?.subject !== 'root') throw new McpError('insufficient-scope', 'Not you');
      return 'done';
    });
    const { client } = await start({ mcp, before: [authenticateByHeader] });
    const unknown = (await client.call('unknown', {}, { user: 'alice' })).json.error;
    const hidden = (await client.call('hidden', {}, { user: 'alice' })).json.error;
    expect(hidden).toEqual({ ...unknown, message: unknown.message.replace('unknown', 'hidden') });
    expect(runs).toBe(0);
    expect((await client.call('admin', {}, { user: 'alice' })).json.error.message).toBe('Not you');
    for (const name of ['hidden', 'admin']) expect(textOf(await client.call(name, {}, { user: 'root' }))).toBe('done');
  });

  test('a client cannot make any number of them, and others are not kept from theirs [tools.rate-limit]', async () => {
    const mcp = specServer();
    let runs = 0;
    mcp.registerTool('count', {}, () => {
      runs += 1;
      return 'ran';
    });
    const options = { rateLimits: { requests: 2 } };
    const { client } = await start({ mcp, before: [authenticateByHeader], user: 'alice', options });
    for (const _each of [1, 2]) expect((await client.call('count')).status).toBe(200);
    const refused = await client.call('count');
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect(runs).toBe(2);
    expect((await client.call('count', {}, { user: 'bob' })).status).toBe(200);
  });
});
