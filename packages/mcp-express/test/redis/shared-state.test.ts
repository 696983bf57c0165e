import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RouterOptions } from 'mcp-express';
import { redisStore } from 'mcp-express/redis';
import { ABLE, ASK_NAME, accepted, Client } from '../modern/alone.js';
import { send } from '../support/raw-client.js';
import { RedisServer } from '../support/redis.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';

let redis: RedisServer;
let count = 0;

beforeAll(async () => {
  redis = await RedisServer.start(['--appendonly', 'no']);
});

afterAll(() => redis.remove());

/** Nodes of one service, each with options of its own. */
async function nodes(...all: readonly RouterOptions[]) {
  count += 1;
  const prefix = `test-${count}:`;
  const started = all.map((options) => {
    const mcp = testServer();
    mcp.registerTool('ask', {}, async (ctx) => JSON.stringify(await ctx.elicit(ASK_NAME)));
    const store = redisStore({ url: redis.url, prefix });
    return startServer({ mcp, options: { ...options, store }, before: [authenticateByHeader] });
  });
  return Promise.all(started);
}

describe('rate limits that two nodes share (R19)', () => {
  const as = (user: string) => ({ [USER_HEADER]: user });

  test('opening sessions: who has used up the budget at one node is 429 at the other', async () => {
    const limited = { rateLimits: { initialize: 4 } };
    const urls = (await nodes(limited, limited)).map(({ url }) => url);
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      statuses.push((await send(String(urls[i % 2]), { headers: as('alice'), body: initializeRequest() })).status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
    const refused = await send(String(urls[1]), { headers: as('alice'), body: initializeRequest() });
    expect(refused.json.error.data).toMatchObject({ reason: 'rate-limited', budget: 'initialize' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await send(String(urls[1]), { headers: as('bob'), body: initializeRequest() })).status).toBe(200);
  });

  test('requests and guesses are counted by both together', async () => {
    const limited = { rateLimits: { requests: 3, unknownSessions: 2 } };
    const [one, other] = await nodes(limited, limited);
    const session = await openSession(String(one?.url));
    const there = session.via(String(other?.url));
    const statuses = [
      await session.post(ping()),
      await there.post(ping()),
      await session.post(ping()),
      await there.post(ping()),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    const guess = (url: unknown, id: string) =>
      send(String(url), {
        headers: { 'mcp-session-id': id.repeat(32) },
        body: { jsonrpc: '2.0', method: 'notifications/initialized' },
      });
    const guesses = [
      await guess(one?.url, 'a'),
      await guess(other?.url, 'b'),
      await guess(one?.url, 'c'),
      await guess(other?.url, 'd'),
    ];
    expect(guesses.map(({ status }) => status)).toEqual([404, 404, 429, 429]);
  });
});

describe('two nodes with different stateKeys (R31)', () => {
  const KEYS = [{ stateKeys: ['k'.repeat(32)] }, { stateKeys: ['l'.repeat(32)] }] as const;
  const params = { name: 'ask', arguments: {} };

  test('a round that goes on at the other one is refused in words; begun again it is served, and nothing is lost', async () => {
    const [one, other] = await nodes(...KEYS);
    const [here, there] = [one, other].map((node) => new Client(String(node?.url), { capabilities: ABLE }));
    const first = await here?.ask('tools/call', params);
    const [key] = Object.keys(first?.json.result.inputRequests);
    const answers = { [String(key)]: accepted({ name: 'Ada' }) };
    const refused = await there?.again(params, first!, answers);
    expect(refused?.status).toBe(400);
    expect(refused?.json.error.data.reason).toBe('state-refused');
    expect(refused?.json.error.message).toContain('start again');
    expect((await here?.again(params, first!, answers))?.json.result.content[0].text).toContain('Ada');
    const second = await there?.ask('tools/call', params);
    expect((await there?.again(params, second!, answers))?.json.result.content[0].text).toContain('Ada');
  });

  test('sessions need no secret, and go on anywhere', async () => {
    const [one, other] = await nodes(...KEYS);
    const session = await openSession(String(one?.url));
    expect((await session.via(String(other?.url)).call('echo', { text: 'x' })).status).toBe(200);
  });

  test('keys are rotated node by node: the one that knows both opens what either sealed', async () => {
    const [old, both] = await nodes(KEYS[0], { stateKeys: [...KEYS[1].stateKeys, ...KEYS[0].stateKeys] });
    const first = await new Client(String(old?.url), { capabilities: ABLE }).ask('tools/call', params);
    const [key] = Object.keys(first.json.result.inputRequests);
    const answers = { [String(key)]: accepted({ name: 'Ada' }) };
    const second = await new Client(String(both?.url), { capabilities: ABLE }).again(params, first, answers);
    expect(second.json.result.content[0].text).toContain('Ada');
  });
});
