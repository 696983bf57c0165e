import { describe, expect, test } from '@jest/globals';
import { SUPPORTED_REVISIONS } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping, REVISIONS } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';

describe('MCP-Protocol-Version (R40)', () => {
  test.each([
    'not-a-version',
    '1900-01-01',
    '2024-11-05',
    '2025-11-25, 2025-11-25',
    '2025-11-25x',
    '',
    ' ',
    '2099-01-01',
    'x'.repeat(5_000),
  ])('%p is 400 on POST, GET and DELETE, naming the supported ones (R40, DESIGN 6)', async (version) => {
    const { url, router } = await startServer();
    const session = await openSession(url);
    const headers = { 'mcp-protocol-version': version };
    const answers = [await session.post(ping('p'), headers), await session.get(headers), await session.delete(headers)];
    for (const answer of answers) {
      expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/json']);
      expect(answer.json.error.data).toMatchObject({ reason: 'unsupported-revision', supported: SUPPORTED_REVISIONS });
      expect(answer.text.length).toBeLessThan(1_000);
    }
    expect(answers[0]?.json.id).toBe('p');
    expect((await router.stats()).sessions).toBe(1);
  });

  test('two of them are 400 (R40)', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const answer = await session.post(ping(), { 'mcp-protocol-version': ['2025-11-25', '2025-06-18'] });
    expect(answer.status).toBe(400);
  });

  test.each(REVISIONS)(
    'without one, a request is served in the revision of its session: %s (R40)',
    async (revision) => {
      const mcp = testServer();
      mcp.registerTool('revision', {}, (ctx) => ctx.revision);
      const { url } = await startServer({ mcp });
      const session = await openSession(url, revision);
      const without = await session.call('revision', {}, 1, { headers: { 'mcp-protocol-version': undefined } });
      expect(without.json.result.content[0].text).toBe(revision);
      const withIt = await session.call('revision');
      expect(withIt.json.result.content[0].text).toBe(revision);
    },
  );

  test.each(['2099-01-01', '1900-01-01', '2024-11-05', 'nonsense', ''])(
    'initialize that asks for %p is 200 with the newest we have (R40)',
    async (revision) => {
      const { url } = await startServer();
      const answer = await send(url, { body: initializeRequest(revision) });
      expect(answer.status).toBe(200);
      expect(answer.json.result.protocolVersion).toBe('2025-11-25');
      expect(answer.headers['mcp-session-id']).toBeDefined();
    },
  );
});
