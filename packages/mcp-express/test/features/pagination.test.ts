import { describe, expect, test } from '@jest/globals';
import { McpServer, type Registered, ResourceTemplate } from 'mcp-express';
import { startServer } from '../support/start-server.js';
import { openWire, type WireSession } from './wire-session.js';

interface Kind {
  readonly method: string;
  readonly member: string;
  register(mcp: McpServer, name: string): Registered;
}

const KINDS: readonly Kind[] = [
  {
    method: 'tools/list',
    member: 'tools',
    register: (mcp, name) => mcp.registerTool(name, {}, () => name),
  },
  {
    method: 'resources/list',
    member: 'resources',
    register: (mcp, name) => mcp.registerResource(name, `x://${name}`, {}, () => name),
  },
  {
    method: 'resources/templates/list',
    member: 'resourceTemplates',
    register: (mcp, name) => mcp.registerResource(name, new ResourceTemplate(`x://${name}/{id}`), {}, () => name),
  },
  {
    method: 'prompts/list',
    member: 'prompts',
    register: (mcp, name) => mcp.registerPrompt(name, {}, () => name),
  },
];

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

async function start({ register, method, member }: Kind, pageSize = 3, names = NAMES) {
  const mcp = new McpServer({ name: 'p', version: '1' }, { pageSize });
  const registered = new Map(names.map((name) => [name, register(mcp, name)]));
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  const page = async (cursor?: unknown, of: WireSession = session) => {
    const { result, error } = await of.ask(method, cursor === undefined ? {} : { cursor });
    const shown = result?.[member] as { name: string }[] | undefined;
    return { names: shown?.map(({ name }) => name), next: result?.nextCursor as string | undefined, error };
  };
  return { mcp, url, session, registered, page };
}

describe.each(KINDS)('$method in pages (MCP, Pagination)', (kind) => {
  test('every entry comes once, in order, and the last page has no nextCursor', async () => {
    const { page } = await start(kind);
    const seen: (readonly string[] | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const { names, next } = await page(cursor);
      seen.push(names);
      cursor = next;
    } while (cursor !== undefined);
    expect(seen).toEqual([['a', 'b', 'c'], ['d', 'e', 'f'], ['g']]);
  });

  test.each([
    ['exactly full', 7],
    ['larger than the list', 100],
  ])('a page that is %s is the last', async (_what, pageSize) => {
    const { page } = await start(kind, pageSize);
    expect(await page()).toMatchObject({ names: NAMES, next: undefined });
  });

  test('an empty list is an empty page', async () => {
    const { page } = await start(kind, 3, []);
    expect(await page()).toMatchObject({ names: [], next: undefined });
  });

  test('a cursor tells nothing and holds in every session (MCP: opaque, stable)', async () => {
    const { page, url } = await start(kind);
    const { next } = await page();
    expect(next).toMatch(/^[A-Za-z0-9_-]{8,}$/);
    expect(Buffer.from(String(next), 'base64url').toString()).not.toContain('c');
    const other = await openWire(url);
    expect((await page(next, other)).names).toEqual(['d', 'e', 'f']);
  });

  test('entries that come and go elsewhere in the list are neither skipped nor shown twice', async () => {
    const { page, mcp, registered } = await start(kind);
    const { next } = await page();
    registered.get('a')?.remove();
    registered.get('e')?.remove();
    kind.register(mcp, 'h');
    const second = await page(next);
    expect(second.names).toEqual(['d', 'f', 'g']);
    expect((await page(second.next)).names).toEqual(['h']);
  });

  test('when the very entry a cursor came after is taken away, the walk goes on and skips nothing', async () => {
    const { page, registered } = await start(kind);
    const { next } = await page();
    registered.get('c')?.remove();
    expect((await page(next)).names).toEqual(['d', 'e', 'f']);
    for (const name of ['b', 'd', 'a']) registered.get(name)?.remove();
    expect((await page(next)).names).toEqual(['e', 'f', 'g']);
    for (const name of ['e', 'f', 'g']) registered.get(name)?.remove();
    expect(await page(next)).toMatchObject({ names: [], next: undefined });
  });

  test('an entry that is taken away and registered again is where it is now', async () => {
    const { page, mcp, registered } = await start(kind);
    const { next } = await page();
    registered.get('c')?.remove();
    kind.register(mcp, 'c');
    expect((await page(next)).names).toEqual([]);
    expect((await page()).names).toEqual(['a', 'b', 'd']);
  });

  test.each(['nonsense', 'a', '0', 'x'.repeat(10_000), ' ', '\u0000', '__proto__'])(
    'the cursor %j, which nobody gave out, is -32602',
    async (cursor) => {
      const { page } = await start(kind);
      expect((await page(cursor)).error?.code).toBe(-32602);
    },
  );

  test.each([5, {}, [], true])('the cursor %j, which is no string, is -32602', async (cursor) => {
    const { page } = await start(kind);
    expect((await page(cursor)).error?.code).toBe(-32602);
  });

  test('an empty cursor means the same whether or not anybody has listed before', async () => {
    const { page } = await start(kind);
    const before = await page('');
    await page();
    const after = await page('');
    expect([after.names, after.error?.code]).toEqual([before.names, before.error?.code]);
  });
});

test('a cursor of one list is none of another', async () => {
  const mcp = new McpServer({ name: 'p', version: '1' }, { pageSize: 1 });
  for (const name of ['a', 'b']) {
    mcp.registerTool(name, {}, () => name);
    mcp.registerResource(name, `x://${name}`, {}, () => name);
  }
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  const { nextCursor } = (await session.ask('tools/list')).result;
  expect((await session.ask('resources/list', { cursor: nextCursor })).error.code).toBe(-32602);
});

test('what templates know by name comes once, at the end of the walk', async () => {
  const mcp = new McpServer({ name: 'p', version: '1' }, { pageSize: 2 });
  for (const name of ['a', 'b', 'c']) mcp.registerResource(name, `x://${name}`, {}, () => name);
  const list = () => ({ resources: [{ uri: 'y://1', name: 'one' }] });
  mcp.registerResource('y', new ResourceTemplate('y://{id}', { list }), {}, () => 'y');
  const { url } = await startServer({ mcp });
  const session = await openWire(url);
  const first = (await session.ask('resources/list')).result;
  const second = (await session.ask('resources/list', { cursor: first.nextCursor })).result;
  const names = [...first.resources, ...second.resources].map(({ name }: { name: string }) => name);
  expect([names, second.nextCursor]).toEqual([['a', 'b', 'c', 'one'], undefined]);
});
