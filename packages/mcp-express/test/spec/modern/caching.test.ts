import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, McpServer, ResourceTemplate } from 'mcp-express';
import { authenticateByHeader } from '../../support/start-server.js';
import { INFO, specServer } from '../server.js';
import { ABLE, nextRound, start } from './client.js';

const KEPT = [
  ['server/discover', {}],
  ['tools/list', {}],
  ['prompts/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'spec://text' }],
  ['resources/read', { uri: 'spec://notes/1' }],
] as const;

const LISTS = ['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'] as const;

const isRoot = (principal?: { subject: string }) => principal?.subject === 'root';

describe('hints', () => {
  test('what may be kept has them [caching.hints, caching.ttl]', async () => {
    const { client } = await start();
    for (const [method, params] of KEPT) {
      const { ttlMs, cacheScope } = (await client.ask(method, params)).json.result;
      expect(Number.isInteger(ttlMs) && ttlMs >= 0).toBe(true);
      expect(['public', 'private']).toContain(cacheScope);
    }
  });

  test('they are those of the application [caching.hints]', async () => {
    const mcp = new McpServer(INFO, { listTtlMs: 5000 });
    mcp.registerTool('t', {}, () => 'x');
    mcp.registerResource('r', 'spec://r', { cache: { ttlMs: 7000, cacheScope: 'public' } }, () => 'x');
    const { client } = await start({ mcp });
    for (const method of ['server/discover', 'tools/list', 'resources/list']) {
      expect((await client.ask(method)).json.result).toMatchObject({ ttlMs: 5000, cacheScope: 'public' });
    }
    const { result } = (await client.ask('resources/read', { uri: 'spec://r' })).json;
    expect(result).toMatchObject({ ttlMs: 7000, cacheScope: 'public' });
  });

  test('a handler cannot make them wrong [caching.ttl, caching.hints]', async () => {
    const mcp = specServer();
    mcp.registerResource('own', 'spec://own', {}, (uri) => {
      return { contents: [{ uri: uri.href, text: 'x' }], ttlMs: -5, cacheScope: 'all' } as never;
    });
    const { client } = await start({ mcp });
    const { text } = await client.ask('resources/read', { uri: 'spec://own' });
    expect(JSON.parse(text).result).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
    expect(text.match(/"ttlMs"/g)).toHaveLength(1);
  });

  test('a time below 0 is refused [caching.ttl]', () => {
    for (const ttlMs of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new McpServer(INFO, { listTtlMs: ttlMs })).toThrow(ConfigurationError);
      const cache = { ttlMs, cacheScope: 'private' } as const;
      expect(() => specServer().registerResource('r', 'spec://r', { cache }, () => 'x')).toThrow(ConfigurationError);
    }
  });

  test('what asks has none, and what depends on the answers is not kept [caching.hints]', async () => {
    const mcp = specServer();
    const cache = { ttlMs: 5000, cacheScope: 'public' } as const;
    mcp.registerResource('asks', 'spec://asks', { cache }, async (_uri, ctx) => JSON.stringify(await ctx.roots()));
    const { client } = await start({ mcp, capabilities: ABLE });
    const params = { uri: 'spec://asks' };
    const first = await client.ask('resources/read', params);
    expect(first.json.result.ttlMs ?? first.json.result.cacheScope).toBeUndefined();
    const [key] = Object.keys(first.json.result.inputRequests);
    const second = await client.ask('resources/read', nextRound(params, first, { [String(key)]: { roots: [] } }));
    expect(second.json.result).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
  });
});

/** Lists of several pages, of which something is for root alone. */
function restricted(): McpServer {
  const mcp = new McpServer(INFO, { pageSize: 2 });
  for (const index of [0, 1, 2, 3, 4]) {
    const visible = index === 4 ? { visible: isRoot } : {};
    mcp.registerTool(`t${index}`, visible, () => 'x');
    mcp.registerPrompt(`t${index}`, visible, () => 'x');
    mcp.registerResource(`t${index}`, `spec://${index}`, visible, () => 'x');
    mcp.registerResource(`t${index}`, new ResourceTemplate(`spec://${index}/{id}`), visible, () => 'x');
  }
  return mcp;
}

describe('who may keep', () => {
  test.each(LISTS)('%s: all pages are for the same people [caching.same-scope]', async (method) => {
    for (const mcp of [restricted(), pagedWithLister()]) {
      const { client } = await start({ mcp, before: [authenticateByHeader] });
      for (const user of ['alice', 'root']) {
        const scopes = new Set<string>();
        for (let cursor: string | undefined, pages = 0; pages === 0 || cursor !== undefined; pages += 1) {
          const { result } = (await client.ask(method, cursor === undefined ? {} : { cursor }, { user })).json;
          scopes.add(result.cacheScope);
          cursor = result.nextCursor;
        }
        expect(scopes.size).toBe(1);
      }
    }
  });

  test('what is not the same for everybody is private, and what is public is [caching.public-shared]', async () => {
    const mcp = restricted();
    const { client } = await start({ mcp, before: [authenticateByHeader] });
    for (const [method, params] of [...LISTS.map((each) => [each, {}] as const), ['server/discover', {}] as const]) {
      const texts = [];
      for (const user of ['alice', 'root', 'bob']) {
        const { json } = await client.ask(method, params, { user });
        if (json.result.cacheScope === 'public') texts.push(JSON.stringify(json.result));
      }
      expect(new Set(texts).size).toBeLessThanOrEqual(1);
      if (method !== 'server/discover') expect(texts).toEqual([]);
    }
  });

  test('what is read is private unless the application says otherwise [caching.public-shared]', async () => {
    const { client } = await start();
    for (const uri of ['spec://text', 'spec://notes/1']) {
      expect((await client.ask('resources/read', { uri })).json.result.cacheScope).toBe('private');
    }
  });

  test('whatever the scope, who may see something is checked each time [caching.access-control, caching.not-by-scope]', async () => {
    const mcp = specServer();
    const cache = { ttlMs: 60_000, cacheScope: 'public' } as const;
    mcp.registerResource('odd', 'spec://odd', { cache, visible: isRoot }, () => 'secret');
    mcp.registerTool('odd', { visible: isRoot }, () => 'secret');
    const { client } = await start({ mcp, before: [authenticateByHeader] });
    expect((await client.ask('resources/read', { uri: 'spec://odd' }, { user: 'root' })).text).toContain('secret');
    for (const user of ['alice', '']) {
      expect((await client.ask('resources/read', { uri: 'spec://odd' }, { user })).json.error.code).toBe(-32602);
      expect((await client.call('odd', {}, { user })).json.error.code).toBe(-32602);
      for (const method of ['tools/list', 'resources/list']) {
        expect((await client.ask(method, {}, { user })).text).not.toContain('odd');
      }
    }
  });
});

/** A list whose last page depends on who asks, with all pages before it the same for everybody. */
function pagedWithLister(): McpServer {
  const mcp = new McpServer(INFO, { pageSize: 2 });
  const list = (ctx: { principal: { subject: string } | undefined }) => ({
    resources: [{ uri: `spec://of/${ctx.principal?.subject}`, name: 'own' }],
  });
  for (const index of [0, 1, 2]) {
    mcp.registerTool(`t${index}`, {}, () => 'x');
    mcp.registerPrompt(`t${index}`, {}, () => 'x');
    mcp.registerResource(`t${index}`, `spec://${index}`, {}, () => 'x');
    mcp.registerResource(`t${index}`, new ResourceTemplate(`spec://${index}/{id}`), {}, () => 'x');
  }
  mcp.registerResource('own', new ResourceTemplate('spec://of/{user}', { list }), {}, () => 'x');
  return mcp;
}
