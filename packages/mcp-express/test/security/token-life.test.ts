import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpServer } from 'mcp-express';
import { bearerAuth } from 'mcp-express/auth';
import { begin, headOf, SseStream, send } from '../support/raw-client.js';
import { initializeRequest, ping, TestSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { deferred, eventually } from '../support/wait.js';

const RESOURCE = 'https://mcp.example.com/mcp';

interface Known {
  readonly subject: string;
  readonly expiresAt?: number;
  readonly scopes?: readonly string[];
}

/** Tokens that are good as long as they are in the map. */
async function start(tokens: Map<string, Known>, options: { authRecheckMs?: number } = {}) {
  const mcp = new McpServer({ name: 'guarded', version: '1' });
  mcp.registerTool('who', {}, (ctx) => ctx.principal?.subject ?? 'nobody');
  mcp.registerTool('write', { scopes: ['write'] }, () => 'written');
  const auth = bearerAuth({
    verify: async (token) => tokens.get(token),
    resource: RESOURCE,
    authorizationServers: ['https://id.example.com'],
    scopes: ['read'],
  });
  return startServer({ mcp, options: { auth, allowedHosts: ['127.0.0.1'], ...options } });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const soon = (ms: number): number => (Date.now() + ms) / 1000;

async function open(url: string, token: string): Promise<TestSession> {
  const answer = await send(url, { headers: bearer(token), body: initializeRequest() });
  expect(answer.status).toBe(200);
  return new TestSession(url, String(answer.headers['mcp-session-id']), '2025-11-25', bearer(token));
}

async function listenAlone(url: string, token: string): Promise<SseStream> {
  const request = begin(url, {
    headers: {
      ...bearer(token),
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'subscriptions/listen',
    },
    body: {
      jsonrpc: '2.0',
      id: 1,
      method: 'subscriptions/listen',
      params: {
        notifications: { toolsListChanged: true },
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
        },
      },
    },
  });
  const stream = new SseStream(request, await headOf(request));
  await stream.untilMessages(1);
  return stream;
}

describe('what a token may, and for how long (R5, R21)', () => {
  test('no token: 401 that says where to get one, and no error', async () => {
    const { url } = await start(new Map());
    const answer = await send(url, { body: initializeRequest() });
    expect(answer.status).toBe(401);
    const challenge = String(answer.headers['www-authenticate']);
    expect(challenge).toContain('resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"');
    expect(challenge).toContain('scope="read"');
    expect(challenge).not.toContain('error=');
    expect(answer.json.error.data.reason).toBe('unauthorized');
  });

  test('the metadata is served beside the endpoint, to whoever asks (R10)', async () => {
    const { url } = await start(new Map());
    const answer = await send(new URL('/.well-known/oauth-protected-resource/mcp', url).href, { method: 'GET' });
    expect([answer.status, answer.json.resource]).toEqual([200, RESOURCE]);
  });

  test('a new token of the same principal keeps the session; one that expired is 401', async () => {
    const tokens = new Map<string, Known>([
      ['one', { subject: 'ann', scopes: ['read'], expiresAt: soon(60_000) }],
      ['two', { subject: 'ann', scopes: ['read'] }],
      ['bob', { subject: 'bob', scopes: ['read'] }],
    ]);
    const { url } = await start(tokens);
    const session = await open(url, 'one');
    expect((await session.post(ping())).status).toBe(200);
    tokens.set('one', { subject: 'ann', scopes: ['read'], expiresAt: soon(-1) });
    const late = await session.post(ping());
    expect(late.status).toBe(401);
    expect(late.headers['www-authenticate']).toContain('error="invalid_token"');
    const with2 = new TestSession(url, session.id, '2025-11-25', bearer('two'));
    expect((await with2.post(toolCall('who', {}))).json.result.content[0].text).toBe('ann');
    const asBob = new TestSession(url, session.id, '2025-11-25', bearer('bob'));
    expect((await asBob.post(ping())).status).toBe(404);
  });

  test('a scope of the tool is asked for with all that is needed (R46)', async () => {
    const { url } = await start(new Map([['t', { subject: 'ann', scopes: ['read'] }]]));
    const session = await open(url, 't');
    const answer = await session.post(toolCall('write', {}));
    expect(answer.status).toBe(403);
    expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(answer.headers['www-authenticate']).toContain('scope="read write"');
    expect(answer.headers['www-authenticate']).toContain('resource_metadata=');
  });

  test('streams end when their token expires', async () => {
    const { url } = await start(new Map([['t', { subject: 'ann', scopes: ['read'], expiresAt: soon(1_500) }]]));
    const session = await open(url, 't');
    const streams = [await session.listen(), await listenAlone(url, 't')];
    expect(await Promise.all(streams.map((stream) => stream.untilClosed()))).toEqual(['end', 'end']);
  });

  test('streams end when their token is revoked; those of others go on (R45)', async () => {
    const tokens = new Map<string, Known>([
      ['a', { subject: 'ann', scopes: ['read'] }],
      ['b', { subject: 'bob', scopes: ['read'] }],
    ]);
    const { url, router } = await start(tokens, { authRecheckMs: 30 });
    const anns = [await (await open(url, 'a')).listen(), await listenAlone(url, 'a')];
    const bobs = await listenAlone(url, 'b');
    tokens.delete('a');
    await Promise.all(anns.map((stream) => stream.untilClosed()));
    expect(bobs.closed).toBeUndefined();
    await eventually('only one is left', async () => (await router.stats()).streams === 1);
  });

  test('guessing tokens is slowed down for the address, and nobody is verified meanwhile (R19)', async () => {
    const mcp = new McpServer({ name: 'guarded', version: '1' });
    let verified = 0;
    const auth = bearerAuth({
      verify: async () => {
        verified += 1;
        return undefined;
      },
    });
    const { url } = await startServer({ mcp, options: { auth, rateLimits: { failedAuthentication: 3 } } });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) {
      statuses.push((await send(url, { headers: bearer(`guess-${count}`), body: initializeRequest() })).status);
    }
    expect([statuses, verified]).toEqual([[401, 401, 401, 429, 429, 429], 3]);
  });

  test('wrong tokens that come at once are verified as often as the budget has it; a good one below it is served (R19)', async () => {
    const mcp = new McpServer({ name: 'guarded', version: '1' });
    const open = deferred();
    let verified = 0;
    const auth = bearerAuth({
      verify: async (token) => {
        if (token === 'good') return { subject: 'ann' };
        verified += 1;
        await open.promise;
        return undefined;
      },
    });
    const { url } = await startServer({ mcp, options: { auth, rateLimits: { failedAuthentication: 20 } } });
    const post = (token: string) => send(url, { headers: bearer(token), body: initializeRequest() });
    const few = Array.from({ length: 10 }, (_, index) => post(`few-${index}`));
    await eventually('ten are being verified', () => verified === 10);
    expect((await post('good')).status).toBe(200);
    const many = Array.from({ length: 200 }, (_, index) => post(`many-${index}`));
    await eventually('all places are taken', () => verified === 20);
    open.resolve();
    const statuses = (await Promise.all([...few, ...many])).map(({ status }) => status);
    expect([verified, statuses.filter((status) => status === 401).length]).toEqual([20, 20]);
    expect(statuses.filter((status) => status === 429)).toHaveLength(190);
    expect((await post('good')).status).toBe(429);
  });
});

describe('what an open stream hears follows its token (R45)', () => {
  /** A tool that is there for those with a scope, and what tells that it came or went. */
  async function narrowed() {
    const tokens = new Map<string, Known>([['t', { subject: 'ann', scopes: ['read', 'secret'] }]]);
    const started = await start(tokens, { authRecheckMs: 30 });
    const { mcp } = started;
    const visible = (principal?: { scopes?: readonly string[] }): boolean =>
      principal?.scopes?.includes('secret') === true;
    const tool = mcp.registerTool('secret', { visible }, () => 'x');
    return { ...started, tokens, tool };
  }

  test.each([
    ['a stream of GET', async (url: string) => (await open(url, 't')).listen()],
    ['subscriptions/listen', (url: string) => listenAlone(url, 't')],
  ])('a lost scope is told once as a change, and no more of what it opened: %s', async (_what, listen) => {
    const { url, tokens, tool, mcp } = await narrowed();
    const stream = await listen(url);
    const changes = () => stream.messages.filter(({ method }) => method === 'notifications/tools/list_changed').length;
    tokens.set('t', { subject: 'ann', scopes: ['read'] });
    await eventually('the client is told that its tools changed', () => changes() === 1);
    // Of the hidden tool nothing is told, of one that all may see it is: what is told in order proves that nothing was before.
    tool.remove();
    mcp.registerTool('open', {}, () => 'x');
    await eventually('the client is told of the other tool', () => changes() === 2);
    tokens.set('t', { subject: 'ann', scopes: ['read', 'secret'] });
    expect(stream.closed).toBeUndefined();
  });

  test('a token that is of another owner by now ends its streams', async () => {
    const tokens = new Map<string, Known>([['t', { subject: 'ann', scopes: ['read'] }]]);
    const { url } = await start(tokens, { authRecheckMs: 30 });
    const streams = [await (await open(url, 't')).listen(), await listenAlone(url, 't')];
    tokens.set('t', { subject: 'bob', scopes: ['read'] });
    await Promise.all(streams.map((stream) => stream.untilClosed()));
  });

  test('a verification that never ends does not keep revoked streams open', async () => {
    const stuck = new Set<string>();
    const revoked = new Set<string>();
    const never = new Promise<never>(() => {});
    const auth = bearerAuth({
      verify: async (token) => (stuck.has(token) ? never : revoked.has(token) ? undefined : { subject: token }),
    });
    const mcp = new McpServer({ name: 'guarded', version: '1' });
    mcp.registerTool('one', {}, () => 'x');
    const { url } = await startServer({ mcp, options: { auth, authRecheckMs: 30 } });
    const tokens = Array.from({ length: 7 }, (_, index) => `stuck-${index}`);
    for (const token of tokens) await listenAlone(url, token);
    const stream = await listenAlone(url, 'other');
    for (const token of tokens) stuck.add(token);
    revoked.add('other');
    await stream.untilClosed();
  });
});

test.each([
  ['nothing', {}],
  ['an empty text', { subject: '' }],
  ['a record', { subject: { id: 'ann' } }],
])('callers whose subject is %s do not become one principal (R5)', async (_what, found) => {
  const mcp = new McpServer({ name: 'guarded', version: '1' });
  const { url } = await startServer({ mcp, options: { principal: () => found as never } });
  const answer = await send(url, { body: initializeRequest() });
  expect([answer.status, answer.json.error.message]).toEqual([401, 'The principal of the request has no subject']);
});

test('a session id of another person is unknown, whatever OAuth client both use (R5)', async () => {
  const leave: RequestHandler = (request, _response, next) => {
    const extra = JSON.parse(request.get('x-extra') ?? '{}') as object;
    Object.assign(request, { auth: { token: 't', clientId: 'app', scopes: ['mcp'], extra } });
    next();
  };
  const { url } = await startServer({ before: [leave] });
  for (const extraOf of [
    (person: string) => ({ userId: person }),
    (person: string) => ({ user: { id: person } }),
    (person: string) => ({ claims: { sub: person } }),
    (person: string) => ({ sub: person.length }),
  ]) {
    const as = (person: string) => ({ 'x-extra': JSON.stringify(extraOf(person)) });
    const opened = await send(url, { headers: as('ann'), body: initializeRequest() });
    const id = String(opened.headers['mcp-session-id']);
    const statusAs = async (person: string) =>
      (await send(url, { headers: { ...as(person), 'mcp-session-id': id }, body: ping() })).status;
    expect([extraOf('ann'), await statusAs('ann'), await statusAs('barbara')]).toEqual([extraOf('ann'), 200, 404]);
  }
  const unnamed = await send(url, { headers: { 'x-extra': '{"email_address":"a"}' }, body: initializeRequest() });
  expect([unnamed.status, unnamed.json.error.message]).toEqual([
    401,
    'The authenticated request names no subject: email_address shows that a user is involved, and no sub, userId or id says which one',
  ]);
});
