import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';

describe('initialize that carries a session id (R2)', () => {
  test.each([
    ['never known', async () => 'A'.repeat(32)],
    ['malformed', async () => 'no id of ours'],
    [
      'ended',
      async (url: string) => {
        const session = await openSession(url);
        await session.delete();
        return session.id;
      },
    ],
    ['alive', async (url: string) => (await openSession(url)).id],
  ])('one that was %s: 200 with a fresh session (R2, DESIGN 6)', async (_what, staleOf) => {
    const { url } = await startServer();
    const stale = await staleOf(url);
    const answer = await send(url, { body: initializeRequest(), headers: { 'mcp-session-id': stale } });
    const fresh = answer.headers['mcp-session-id'];
    expect(answer.status).toBe(200);
    expect(fresh).toMatch(/^[\x21-\x7e]+$/);
    expect(fresh).not.toBe(stale);
    expect((await send(url, { body: ping(), headers: { 'mcp-session-id': String(fresh) } })).status).toBe(200);
  });

  test('two of them at once, as a client that retries sends them, are two sessions (janhq/jan#8435)', async () => {
    const { url, router } = await startServer();
    const answers = await Promise.all([1, 2].map(() => send(url, { body: initializeRequest() })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await router.stats()).sessions).toBe(2);
  });

  test.each([
    ['no params', undefined],
    ['no version', { capabilities: {}, clientInfo: { name: 'c', version: '1' } }],
    ['a version that is no text', { protocolVersion: 1, capabilities: {}, clientInfo: { name: 'c', version: '1' } }],
    ['no clientInfo', { protocolVersion: '2025-11-25', capabilities: {} }],
    ['no capabilities', { protocolVersion: '2025-11-25', clientInfo: { name: 'c', version: '1' } }],
    [
      'a clientInfo of 100 kB',
      { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c'.repeat(100_000), version: '1' } },
    ],
  ])('%s: a JSON-RPC error, and no session (R19)', async (_what, params) => {
    const { url, router } = await startServer();
    const answer = await send(url, { body: { jsonrpc: '2.0', id: 1, method: 'initialize', params } });
    expect(answer.json.error.code).toBe(-32602);
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect((await router.stats()).sessions).toBe(0);
  });
});
