import { describe, expect, test } from '@jest/globals';
import { McpServer, type RouterOptions } from 'mcp-express';
import { Client } from '../modern/alone.js';
import type { JsonBody } from '../support/raw-client.js';
import { openSession, type TestSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';

const MIB = 1024 * 1024;
const OWNED = { [USER_HEADER]: 'alice' };

async function start(options: RouterOptions) {
  const mcp = new McpServer({ name: 'subscribed', version: '1' });
  return startServer({ mcp, options, before: [authenticateByHeader] });
}

async function ask(session: TestSession, method: string, uri: string): Promise<JsonBody> {
  return (await session.post({ jsonrpc: '2.0', id: 1, method, params: { uri } })).json;
}

const uriOf = (i: number, length = 8_000): string => `x://${i}/`.padEnd(length, 'u');

/** Subscribes until it is refused, and gives what the URIs are together and the refusal. */
async function fill(session: TestSession) {
  for (let i = 0; ; i += 1) {
    const { error } = await ask(session, 'resources/subscribe', uriOf(i));
    if (error !== undefined) return { bytes: i * 8_000, error, last: i };
  }
}

describe('what the sessions of one caller subscribe to is bounded in bytes (R18, R19)', () => {
  test.each([
    ['maxSessionsPerPrincipal', { maxSessionsPerPrincipal: 100 }, OWNED, 100],
    ['maxSessionsPerAddress', { maxSessionsPerAddress: 200 }, {}, 200],
    ['maxSessions', { maxSessions: 300, maxSessionsPerPrincipal: 1_000 }, OWNED, 300],
  ])('each session has its part of 60 MiB by %s, and the error says so', async (_name, options, headers, sessions) => {
    const { url } = await start(options);
    const session = await openSession(url, '2025-11-25', headers);
    const { bytes, error, last } = await fill(session);
    expect(bytes * sessions).toBeLessThanOrEqual(60 * MIB);
    expect(bytes * sessions).toBeGreaterThan(54 * MIB);
    expect(error.data.reason).toBe('too-many-subscriptions');
    expect(error.message).toContain(`${Math.floor((60 * MIB) / sessions)} bytes together`);
    expect((await ask(session, 'resources/unsubscribe', uriOf(0))).result).toEqual({});
    expect((await ask(session, 'resources/subscribe', uriOf(last))).result).toEqual({});
    const other = await openSession(url, '2025-11-25', headers);
    expect((await ask(other, 'resources/subscribe', uriOf(last))).result).toEqual({});
  });

  test('the longest URI can be subscribed to however many sessions there may be', async () => {
    const { url } = await start({ maxSessions: 1_000_000, maxSessionsPerAddress: 1_000_000 });
    const session = await openSession(url);
    expect((await ask(session, 'resources/subscribe', uriOf(1, 8_192))).result).toEqual({});
    expect((await ask(session, 'resources/subscribe', uriOf(2, 8_192))).error.message).toMatch(/10240 bytes together/);
  });

  test('a principal may have 1,000 subscriptions in each of its sessions, and is told of that bound beyond', async () => {
    const { url } = await start({});
    const session = await openSession(url, '2025-11-25', OWNED);
    for (let i = 0; i < 1_000; i += 1)
      expect((await ask(session, 'resources/subscribe', uriOf(i, 100))).error).toBe(undefined);
    expect((await ask(session, 'resources/subscribe', uriOf(1_000, 100))).error.message).toMatch(/1000 subscriptions/);
  });

  test('URIs of listens count among what requests of their caller hold, until they end', async () => {
    const { url } = await start({ maxRequestBytesPerPrincipal: 100_000, maxBodyBytes: 64_000 });
    const client = new Client(url, { user: 'alice' });
    const notifications = { resourceSubscriptions: [1, 2, 3, 4, 5, 6, 7].map((i) => uriOf(i)) };
    const first = await client.listen(notifications);
    const refused = await client.ask('subscriptions/listen', { notifications });
    expect([refused.status, refused.json.error.data.reason]).toEqual([429, 'too-many-bytes']);
    const other = await new Client(url, { user: 'bob' }).listen(notifications);
    for (const stream of [first, other]) stream.destroy();
  });
});
