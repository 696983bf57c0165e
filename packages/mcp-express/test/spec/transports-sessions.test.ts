import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { initializeRequest, ping, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';
import { initializeWith, join, open } from './client.js';
import { ALL, SINCE_2025_06_18 } from './requirement.js';
import { specServer } from './server.js';

const MANY = 50;

async function sessionIds(revision: string): Promise<string[]> {
  const { url } = await startServer({ mcp: specServer() });
  const answers = await Promise.all(Array.from({ length: MANY }, () => send(url, { body: initializeWith(revision) })));
  return answers.map(({ headers }) => String(headers['mcp-session-id']));
}

describe('session ids', () => {
  test.each(ALL)('%s: they consist of visible ASCII [transports.session-id.visible-ascii]', async (revision) => {
    for (const id of await sessionIds(revision)) expect(id).toMatch(/^[\x21-\x7e]+$/);
  });

  test.each(ALL)('%s: they are long, and none is like another [transports.session-id.secure]', async (revision) => {
    const ids = await sessionIds(revision);
    expect(new Set(ids).size).toBe(MANY);
    for (const id of ids) expect(id.length).toBeGreaterThanOrEqual(22);
    // A counter or a clock would leave most places alike.
    const places = Array.from(ids[0] ?? '', (_character, place) => new Set(ids.map((id) => id[place])).size);
    for (const different of places) expect(different).toBeGreaterThan(MANY / 5);
  });

  test.each(ALL)('%s: without one, all but initialize is 400 [transports.session-id.required]', async (revision) => {
    const { session } = await open({ revision });
    const without = { 'mcp-session-id': undefined };
    const answers = [
      await session.post(ping(), without),
      await session.post(toolCall('echo', { text: 'x' }), without),
      await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' }, without),
      await session.get(without),
      await session.delete(without),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect((await session.post(initializeRequest(revision), without)).status).toBe(200);
  });
});

describe('the end of a session', () => {
  test.each(ALL)(
    '%s: DELETE ends it, and what comes afterwards is 404 [transports.session-delete, transports.session-ended-404]',
    async (revision) => {
      const { session } = await open({ revision });
      expect((await session.delete()).status).toBe(204);
      const answers = [
        await session.post(ping()),
        await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' }),
        await session.post({ jsonrpc: '2.0', id: 1, result: {} }),
        await session.get({ accept: 'text/event-stream' }),
        await session.get({ accept: 'text/event-stream', 'last-event-id': 'any.1' }),
        await session.delete(),
      ];
      for (const { status } of answers) expect(status).toBe(404);
    },
  );

  test.each(ALL)('%s: one that the server let go of is 404 too [transports.session-ended-404]', async (revision) => {
    const { session, url } = await open({ revision, options: { maxSessions: 1 } });
    const newer = await join(url, { revision });
    expect((await newer.post(ping())).status).toBe(200);
    expect((await session.post(ping())).status).toBe(404);
  });

  test.each(ALL)('%s: so is one that was idle too long [transports.session-ended-404]', async (revision) => {
    const store = memoryStore();
    const { session } = await open({ revision, options: { store, sessionIdleMs: 20 } });
    await eventually('the session is gone', async () => (await store.sessions.count()) === 0);
    expect((await session.post(ping())).status).toBe(404);
    expect((await session.get()).status).toBe(404);
  });
});

describe('MCP-Protocol-Version', () => {
  test.each(SINCE_2025_06_18)(
    '%s: without it, the version agreed on counts [transports.version-header.default]',
    async (revision) => {
      const { session } = await open({ revision });
      const { json } = await session.call('who', {}, 1, { headers: { 'mcp-protocol-version': undefined } });
      expect(JSON.parse(json.result.content[0].text).revision).toBe(revision);
    },
  );

  test.each(SINCE_2025_06_18)(
    '%s: one that is none, or not served, is 400 [transports.version-header.invalid]',
    async (revision) => {
      const { session } = await open({ revision });
      for (const version of ['1.0.0', '2024-11-05', '2099-01-01', 'latest', '']) {
        const headers = { 'mcp-protocol-version': version };
        const answers = [
          await session.post(ping(), headers),
          await session.get(headers),
          await session.delete(headers),
        ];
        expect(answers.map(({ status }) => status)).toEqual([400, 400, 400]);
      }
      expect((await session.post(ping())).status).toBe(200);
    },
  );
});
