import { describe, expect, jest, test } from '@jest/globals';
import { McpServer, mcpRouter, type Observation } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };

describe('rate limits (R19)', () => {
  test('opening sessions is counted for each principal, and for each address of nobody', async () => {
    const { url } = await startServer({
      before: [authenticateByHeader],
      options: { rateLimits: { initialize: 3 } },
    });
    const open = (user?: string) =>
      send(url, { headers: user === undefined ? {} : { [USER_HEADER]: user }, body: initializeRequest() });
    const statuses = async (user?: string) => {
      const answers = [];
      for (let count = 0; count < 5; count += 1) answers.push((await open(user)).status);
      return answers;
    };
    expect(await statuses('alice')).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses('bob')).toEqual([200, 200, 200, 429, 429]);
    expect(await statuses()).toEqual([200, 200, 200, 429, 429]);
    const refused = await open('alice');
    expect(refused.json.error.data).toMatchObject({ reason: 'rate-limited', budget: 'initialize' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers['ratelimit-policy']).toBe('"initialize";q=3;w=60');
    expect(refused.headers['ratelimit']).toMatch(/^"initialize";r=0;t=\d+$/);
  });

  test('a session goes on while its principal may open no more', async () => {
    const { url } = await startServer({ options: { rateLimits: { initialize: 1 } } });
    const session = await openSession(url);
    expect((await send(url, { body: initializeRequest() })).status).toBe(429);
    for (let count = 0; count < 20; count += 1) expect((await session.post(ping)).status).toBe(200);
  });

  test('guessing session ids is slowed down, and says no more than before', async () => {
    const { url } = await startServer({ options: { rateLimits: { unknownSessions: 2 } } });
    const guess = (id: string) => send(url, { headers: { 'mcp-session-id': id }, body: ping });
    const [first, second] = [await guess('a'.repeat(32)), await guess('b'.repeat(32))];
    expect([first.status, second.status]).toEqual([404, 404]);
    const comparable = ({ headers, text }: typeof first) => [text, { ...headers, date: '' }];
    expect(comparable(first)).toEqual(comparable(second));
    expect((await guess('c'.repeat(32))).status).toBe(429);
    expect((await send(url, { body: initializeRequest() })).status).toBe(200);
  });

  test('requests are counted where that is wanted; notifications and answers are free', async () => {
    const { url } = await startServer({ options: { rateLimits: { requests: 2 } } });
    const session = await openSession(url);
    for (let count = 0; count < 5; count += 1) {
      expect((await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status).toBe(202);
    }
    expect([(await session.post(ping)).status, (await session.post(ping)).status]).toEqual([200, 429]);
  });

  test('thirty clients of one user see no limit at the defaults', async () => {
    const { url } = await startServer();
    const sessions = await Promise.all(Array.from({ length: 30 }, () => openSession(url)));
    const answers = await Promise.all(
      sessions.flatMap((session) => Array.from({ length: 10 }, () => session.post(ping))),
    );
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  test.each<[string, () => Promise<never>]>([
    ['fails', () => Promise.reject(new Error('down'))],
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['does not answer', () => new Promise(() => {})],
  ])(
    'while a shared store %s, each node counts for itself, and no request waits long for it',
    async (how, increment) => {
      const failures: Observation[] = [];
      const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
      onCleanup(() => printed.mockRestore());
      const { url } = await startServer({
        options: {
          rateLimits: { initialize: 2 },
          rateLimitStores: () => ({ increment, decrement: () => {}, resetKey: () => {} }),
          observe: (event) => event.type === 'failure' && failures.push(event),
        },
      });
      const began = performance.now();
      const statuses = [];
      for (let count = 0; count < 4; count += 1) statuses.push((await send(url, { body: initializeRequest() })).status);
      expect(statuses).toEqual([200, 200, 429, 429]);
      expect(performance.now() - began).toBeLessThan(4_000);
      const told = { type: 'failure', where: 'counting for the budget "initialize"', cause: new Error('down') };
      expect(failures).toEqual(how === 'does not answer' ? [] : [told]);
      expect(printed).not.toHaveBeenCalled();
    },
  );

  test('a store that could not be prepared is prepared again, and counts from then on', async () => {
    const hits = new Map<string, number>();
    const late = () => {
      let attempts = 0;
      return {
        init: async () => {
          attempts += 1;
          if (attempts === 1) throw new Error('away');
        },
        increment: async (key: string) => {
          if (attempts < 2) throw new Error('not prepared');
          hits.set(key, (hits.get(key) ?? 0) + 1);
          return { totalHits: hits.get(key) ?? 0, resetTime: undefined };
        },
        decrement: () => {},
        resetKey: () => {},
      };
    };
    const { url } = await startServer({ options: { rateLimitStores: late } });
    await eventually('the store counts', async () => {
      expect((await send(url, { body: initializeRequest() })).status).toBe(200);
      return hits.size > 0;
    });
  });

  test('one shared store for two budgets is refused at start', () => {
    const store = {
      increment: () => ({ totalHits: 1, resetTime: undefined }),
      decrement: () => {},
      resetKey: () => {},
    };
    expect(() => mcpRouter(testServer(), { rateLimitStores: () => store })).toThrow(
      'Option "rateLimitStores" must return a separate store for each budget; "unknownSessions" got the store of "initialize"',
    );
  });

  test('they can be switched off', async () => {
    const mcp = new McpServer({ name: 'free', version: '1' });
    const { url } = await startServer({ mcp, options: { rateLimits: false } });
    for (let count = 0; count < 5; count += 1) {
      expect((await send(url, { headers: { 'mcp-session-id': 'x' }, body: ping })).status).toBe(404);
    }
  });
});
