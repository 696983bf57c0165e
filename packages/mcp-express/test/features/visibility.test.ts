import { expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { Client } from '../modern/alone.js';
import type { JsonBody } from '../support/raw-client.js';
import { openSession, type TestSession } from '../support/session.js';
import { authenticateByHeader, startServer } from '../support/start-server.js';

const INFO = { name: 'shop', version: '1.0.0' };
const CACHED = { listTtlMs: 60_000 };

const namesIn = (result: JsonBody, list: string): string[] =>
  result[list].map(({ name }: { name: string }) => name).sort();

/** A server with entries of each kind that change data, and that a request may leave out by a header. */
function withReadOnlyHeader(): McpServer {
  const mcp = new McpServer(INFO, CACHED);
  const visible = (_principal: unknown, { headers }: { headers: JsonBody }): boolean =>
    headers['x-read-only'] !== 'true';
  mcp.registerTool('find', {}, () => 'found');
  mcp.registerTool('save', { visible }, () => 'saved');
  mcp.registerResource('draft', 'shop://draft', { visible }, () => 'draft');
  mcp.registerResource('open', 'shop://open', {}, () => 'open');
  mcp.registerResource('drafts', new ResourceTemplate('shop://drafts/{n}'), { visible }, () => 'draft');
  mcp.registerResource('orders', new ResourceTemplate('shop://orders/{n}'), {}, () => 'order');
  mcp.registerPrompt('change', { visible }, () => 'Change it.');
  mcp.registerPrompt('explain', {}, () => 'Explain it.');
  return mcp;
}

const LISTS = [
  ['tools', 'tools', ['find', 'save']],
  ['resources', 'resources', ['draft', 'open']],
  ['resources/templates', 'resourceTemplates', ['drafts', 'orders']],
  ['prompts', 'prompts', ['change', 'explain']],
] as const;

const READ_ONLY = { headers: { 'x-read-only': 'true' } };

test.each(LISTS)('a header of a stateless request hides entries of %s (R57)', async (method, member, all) => {
  const { url } = await startServer({ mcp: withReadOnlyHeader() });
  const client = new Client(url);
  const { result: whole } = (await client.ask(`${method}/list`)).json;
  const { result: part } = (await client.ask(`${method}/list`, {}, READ_ONLY)).json;
  const { result: again } = (await client.ask(`${method}/list`)).json;
  expect(namesIn(whole, member)).toEqual([...all]);
  expect(namesIn(part, member)).toEqual(all.filter((name) => !['save', 'draft', 'drafts', 'change'].includes(name)));
  expect(again).toEqual(whole);
  // The next request of the same client may have another header.
  expect([whole.cacheScope, whole.ttlMs, part.cacheScope, part.ttlMs]).toEqual(['private', 0, 'private', 0]);
});

test('what a header hides cannot be used, as if it did not exist (R57)', async () => {
  const { url } = await startServer({ mcp: withReadOnlyHeader() });
  const [free, bound] = [new Client(url), new Client(url, READ_ONLY)];
  expect((await free.call('save')).json.result.content[0].text).toBe('saved');
  expect((await bound.call('save')).json.error).toEqual({
    ...(await bound.call('safe')).json.error,
    message: 'Unknown tool: save',
  });
  for (const uri of ['shop://draft', 'shop://drafts/1']) {
    expect((await free.ask('resources/read', { uri })).json.result.contents).toHaveLength(1);
    const hidden = (await bound.ask('resources/read', { uri })).json.error;
    const unknown = (await bound.ask('resources/read', { uri: 'shop://none' })).json.error;
    expect([hidden.code, hidden.data.reason]).toEqual([unknown.code, unknown.data.reason]);
  }
  expect((await bound.ask('prompts/get', { name: 'change' })).json.error.message).toBe('Unknown prompt: change');
});

test('in a session, the headers of each request decide (R57)', async () => {
  const { url } = await startServer({ mcp: withReadOnlyHeader() });
  const session = await openSession(url);
  const list = async (headers: Record<string, string> = {}): Promise<string[]> =>
    namesIn((await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, headers)).json.result, 'tools');
  expect(await list()).toEqual(['find', 'save']);
  expect(await list(READ_ONLY.headers)).toEqual(['find']);
  expect(await list()).toEqual(['find', 'save']);
});

test('client, capabilities and revision decide in both eras (R57)', async () => {
  const mcp = new McpServer(INFO, CACHED);
  mcp.registerTool(
    'confirm',
    { visible: (_who, { capabilities }) => capabilities['elicitation'] !== undefined },
    () => '',
  );
  mcp.registerTool('modern', { visible: (_who, { revision }) => revision === '2026-07-28' }, () => '');
  mcp.registerTool('tested', { visible: (_who, { client }) => client?.name === 'raw' }, () => '');
  const { url } = await startServer({ mcp });
  const elicitation = { elicitation: { form: {} } };
  const toolsOf = async (session: TestSession): Promise<string[]> =>
    namesIn((await session.post({ jsonrpc: '2.0', id: 1, method: 'tools/list' })).json.result, 'tools');
  expect(await toolsOf(await openSession(url))).toEqual(['tested']);
  expect(await toolsOf(await openSession(url, '2025-06-18', {}, elicitation))).toEqual(['confirm', 'tested']);
  const client = new Client(url);
  const { result } = (await client.ask('tools/list', {}, { capabilities: elicitation })).json;
  expect(namesIn(result, 'tools')).toEqual(['confirm', 'modern']);
  // Without a look at the headers, the same client gets the same list for as long as it is fresh.
  expect([result.cacheScope, result.ttlMs]).toEqual(['private', 60_000]);
  const meta = { 'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' } };
  expect(namesIn((await client.ask('tools/list', {}, { meta })).json.result, 'tools')).toEqual(['modern', 'tested']);
});

test('headers with credentials are not shown to visible functions', async () => {
  const mcp = new McpServer(INFO, CACHED);
  const seen = new Set<string>();
  mcp.registerTool(
    'any',
    {
      visible: (_who, { headers }) => {
        for (const name of Object.keys(headers)) seen.add(name);
        return true;
      },
    },
    () => '',
  );
  const { url } = await startServer({ mcp });
  const headers = { authorization: 'Bearer abc', cookie: 'a=b', 'x-api-key': 'key', 'x-tenant': 'one' };
  await new Client(url).ask('tools/list', {}, { headers });
  expect([...seen]).toEqual(expect.arrayContaining(['x-tenant', 'content-type']));
  for (const name of ['authorization', 'cookie', 'x-api-key']) expect(seen).not.toContain(name);
});

test('10,000 interleaved lists of 120 callers have no entry of another caller (R57)', async () => {
  const mcp = new McpServer(INFO, CACHED);
  mcp.registerTool('open', {}, () => '');
  for (let n = 0; n < 20; n += 1) {
    mcp.registerTool(`of-user-${n}`, { visible: (principal) => principal?.subject === `user-${n}` }, () => '');
  }
  mcp.registerTool('save', { visible: (_who, { headers }) => headers['x-read-only'] === undefined }, () => '');
  mcp.registerTool('ask', { visible: (_who, { capabilities }) => capabilities['elicitation'] !== undefined }, () => '');
  mcp.registerTool('old', { visible: (_who, { revision }) => revision === '2025-06-18' }, () => '');
  const { url } = await startServer({ mcp, before: [authenticateByHeader] });

  const callers = Array.from({ length: 120 }, (_none, index) => {
    const [user, readOnly, able] = [index % 20, Math.floor(index / 20) % 2 === 1, Math.floor(index / 40)];
    const expected = ['open', `of-user-${user}`, ...(readOnly ? [] : ['save']), ...(able > 0 ? ['ask'] : [])].sort();
    const client = new Client(url, {
      user: `user-${user}`,
      headers: readOnly ? { 'x-read-only': '1' } : {},
      capabilities: able > 0 ? { elicitation: able > 1 ? { url: {} } : { form: {} } } : {},
    });
    return { client, expected };
  });
  let next = 0;
  const wrong: unknown[] = [];
  const list = async (): Promise<void> => {
    while (next < 10_000) {
      next += 1;
      const caller = callers[(next * 7_919) % callers.length];
      const { result } = (await caller?.client.ask('tools/list'))?.json ?? {};
      const names = namesIn(result, 'tools');
      if (String(names) !== String(caller?.expected) || result.cacheScope !== 'private') wrong.push([names, caller]);
    }
  };
  await Promise.all(Array.from({ length: 16 }, list));
  expect(wrong).toEqual([]);
});
