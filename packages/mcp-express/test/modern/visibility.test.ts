import { describe, expect, test } from '@jest/globals';
import { McpServer, type Principal, ResourceTemplate } from 'mcp-express';
import { Modern, start } from '../spec/modern/client.js';
import type { JsonBody, RawAnswer } from '../support/raw-client.js';
import { openSession } from '../support/session.js';
import { authenticateByHeader, USER_HEADER } from '../support/start-server.js';

const TENANTS = ['alice', 'bobby'] as const;
type Tenant = (typeof TENANTS)[number];

const ERAS = ['sessions', 'modern'] as const;
type Era = (typeof ERAS)[number];

const REQUESTS = 1_000;
const CONCURRENCY = 64;

/** Everything of a tenant has its name in it, and nothing of anybody else's has. */
function addAllOf(mcp: McpServer, tenant: string, visible?: (principal?: Principal) => boolean): void {
  const config = visible === undefined ? {} : { visible };
  const complete = { word: () => [`${tenant}-first`, `${tenant}-second`] };
  const argsSchema = { type: 'object', properties: { word: { type: 'string' } } } as const;
  const template = new ResourceTemplate(`test://${tenant}/files/{word}`, {
    complete,
    list: ({ principal }) => ({
      resources: visible?.(principal) === false ? [] : [{ uri: `test://${tenant}/files/1`, name: `${tenant}-file` }],
    }),
  });
  mcp.registerTool(`${tenant}-tool`, config, () => `of ${tenant}`);
  mcp.registerPrompt(`${tenant}-prompt`, { ...config, argsSchema, complete }, () => `of ${tenant}`);
  mcp.registerResource(`${tenant}-resource`, `test://${tenant}/resource`, config, () => `of ${tenant}`);
  mcp.registerResource(`${tenant}-files`, template, config, (uri) => `${uri} of ${tenant}`);
}

function serving(tenants: readonly Tenant[]) {
  const mcp = new McpServer({ name: 'tenants', version: '1' });
  addAllOf(mcp, 'shared');
  for (const tenant of tenants) addAllOf(mcp, tenant, (principal) => principal?.subject === tenant);
  return start({ mcp, before: [authenticateByHeader] });
}

type Request = readonly [method: string, params: JsonBody];

/** Each way to ask for something of a tenant. */
const reachesFor = (tenant: string): readonly Request[] => [
  ['tools/call', { name: `${tenant}-tool`, arguments: {} }],
  ['prompts/get', { name: `${tenant}-prompt`, arguments: {} }],
  ['resources/read', { uri: `test://${tenant}/resource` }],
  ['resources/read', { uri: `test://${tenant}/files/1` }],
  ['completion/complete', completion({ type: 'ref/prompt', name: `${tenant}-prompt` })],
  ['completion/complete', completion({ type: 'ref/resource', uri: `test://${tenant}/files/{word}` })],
];

const completion = (ref: object): JsonBody => ({ ref, argument: { name: 'word', value: '' } });

const LISTS: readonly Request[] = ['tools', 'prompts', 'resources', 'resources/templates'].map((list) => [
  `${list}/list`,
  {},
]);

type Ask = (request: Request) => Promise<RawAnswer>;

async function asker(url: string, era: Era, user: string | undefined): Promise<Ask> {
  const client = new Modern(url, user === undefined ? {} : { user });
  if (era === 'modern') return ([method, params]) => client.ask(method, params);
  const session = await openSession(url, undefined, { [USER_HEADER]: user });
  let id = 0;
  return ([method, params]) => {
    id += 1;
    return session.post({ jsonrpc: '2.0', id, method, params });
  };
}

/** Headers that differ with when a request was made, and with the digits of its id. */
const PASSING = /^(?:date|content-length)$/i;

/** All of an answer but when it was given and to which request. */
function bytesOf({ status, rawHeaders, text }: RawAnswer): unknown {
  const headers = rawHeaders.map((part, index) => (PASSING.test(rawHeaders[index - 1] ?? '') ? '' : part));
  return { status, headers, text: text.replace(/"id":\d+/, '"id":0') };
}

/** Runs the jobs, so many at a time, in the order given. */
async function inParallel(jobs: readonly (() => Promise<void>)[]): Promise<void> {
  const rest = jobs.values();
  const worker = async (): Promise<void> => {
    for (const job of rest) await job();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

test('1,000 interleaved requests of two tenants in both eras: no answer has anything of the other (R24)', async () => {
  const { url } = await serving(TENANTS);
  const askers = await Promise.all(
    TENANTS.flatMap((tenant) => ERAS.map(async (era) => ({ tenant, era, ask: await asker(url, era, tenant) }))),
  );
  const reaches = [...TENANTS, 'shared'].flatMap((tenant) => reachesFor(tenant));
  const kinds: readonly Request[] = [...LISTS, ...LISTS, ...reaches];
  const leaks: string[] = [];
  const seen = { own: 0, others: 0, served: 0 };
  const jobs = Array.from({ length: REQUESTS }, (_each, index) => async () => {
    const { tenant, ask } = askers[index % askers.length] as (typeof askers)[number];
    const [method, params] = kinds[Math.floor(index / askers.length) % kinds.length] as Request;
    const { json, text } = await ask([method, params]);
    const other = TENANTS.find((each) => each !== tenant) as Tenant;
    // What was asked for may come back in an error that says that there is no such thing.
    const asked: string = params.name ?? params.uri ?? '';
    const answered = json.error === undefined ? text : text.replaceAll(asked === '' ? '\n' : asked, '');
    if (answered.includes(other)) leaks.push(`${tenant}: ${method} ${JSON.stringify(params)}: ${text}`);
    const isOthers = JSON.stringify(params).includes(other);
    if (isOthers && json.error === undefined) leaks.push(`${tenant} was served: ${text}`);
    if (!isOthers && json.error !== undefined) leaks.push(`${tenant} was refused: ${text}`);
    seen.served += 1;
    if (isOthers) seen.others += 1;
    else if (text.includes(tenant)) seen.own += 1;
  });
  await inParallel(jobs);
  expect(leaks).toEqual([]);
  expect(seen.served).toBe(REQUESTS);
  expect(seen.others).toBeGreaterThan(200);
  expect(seen.own).toBeGreaterThan(400);
});

describe.each(ERAS)('what is hidden, in %s (R24)', (era) => {
  test('is as if it were not there: every answer is that of a server without it, byte for byte', async () => {
    const [both, without] = [await serving(TENANTS), await serving(['alice'])];
    const [here, there] = [await asker(both.url, era, 'alice'), await asker(without.url, era, 'alice')];
    const requests = [...LISTS, ...['alice', 'bobby', 'shared', 'nobody'].flatMap((tenant) => reachesFor(tenant))];
    for (const request of requests) expect(bytesOf(await here(request))).toEqual(bytesOf(await there(request)));
  });

  test('is what an unknown one is, byte for byte but for its name', async () => {
    const { url } = await serving(TENANTS);
    const ask = await asker(url, era, 'alice');
    const unknown = reachesFor('nobdy');
    for (const [index, hidden] of reachesFor('bobby').entries()) {
      const answer = await ask(hidden);
      expect(answer.json.error).toBeDefined();
      const same = await ask(unknown[index] as Request);
      expect(bytesOf({ ...answer, text: answer.text.replaceAll('bobby', 'nobdy') })).toEqual(bytesOf(same));
    }
  });
});

test.each(ERAS)('what is hidden is hidden from who is nobody too, in %s (R24)', async (era) => {
  const ask = await asker((await serving(TENANTS)).url, era, undefined);
  for (const request of [...LISTS, ...reachesFor('shared')]) {
    const { text, json } = await ask(request);
    expect(json.error).toBeUndefined();
    for (const tenant of TENANTS) expect(text).not.toContain(tenant);
  }
});

describe('whether a cache may share an answer (R24)', () => {
  const scopeOf = async (client: Modern, [method, params]: Request): Promise<string> =>
    (await client.ask(method, params)).json.result.cacheScope;

  test('a list with a filter is private, for all, and one without is public', async () => {
    for (const [filtered] of LISTS) {
      const mcp = new McpServer({ name: 'scopes', version: '1' });
      const visible = (principal?: Principal): boolean => principal?.subject === 'alice';
      const on = (list: string) => (filtered === `${list}/list` ? { visible } : {});
      mcp.registerTool('tool', on('tools'), () => 'x');
      mcp.registerPrompt('prompt', on('prompts'), () => 'x');
      mcp.registerResource('resource', 'test://one', on('resources'), () => 'x');
      mcp.registerResource('files', new ResourceTemplate('test://files/{n}'), on('resources/templates'), () => 'x');
      const { client } = await start({ mcp, before: [authenticateByHeader] });
      for (const user of ['alice', 'bobby', undefined]) {
        const asking = client.as(user === undefined ? {} : { user });
        for (const list of LISTS) {
          const wanted = list[0] === filtered ? 'private' : 'public';
          expect([user, filtered, list[0], await scopeOf(asking, list)]).toEqual([user, filtered, list[0], wanted]);
        }
      }
    }
  });

  test('what is read is private where nothing else is said, and what lists itself by who asks is too', async () => {
    const { client } = await serving(TENANTS);
    const alice = client.as({ user: 'alice' });
    expect(await scopeOf(alice, ['resources/read', { uri: 'test://alice/resource' }])).toBe('private');
    expect(await scopeOf(alice, ['resources/read', { uri: 'test://shared/resource' }])).toBe('private');
    expect(await scopeOf(alice, ['resources/list', {}])).toBe('private');
  });

  test('what only some may read is private even where it is said to be public', async () => {
    const mcp = new McpServer({ name: 'scopes', version: '1' });
    const cache = { ttlMs: 60_000, cacheScope: 'public' } as const;
    const visible = (principal?: Principal): boolean => principal?.subject === 'alice';
    mcp.registerResource('hidden', 'test://hidden', { cache, visible }, () => 'x');
    mcp.registerResource('open', 'test://open', { cache }, () => 'x');
    const { client } = await start({ mcp, before: [authenticateByHeader] });
    const alice = client.as({ user: 'alice' });
    expect(await scopeOf(alice, ['resources/read', { uri: 'test://open' }])).toBe('public');
    expect(await scopeOf(alice, ['resources/read', { uri: 'test://hidden' }])).toBe('private');
  });
});
