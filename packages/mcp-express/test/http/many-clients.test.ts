import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { messagesOf, openSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { testServer } from '../support/test-tools.js';

const CLIENTS = 200;
const CALLS = 5;
const FRAMES = 5;

test('200 clients at once with the same ids and progress tokens: each gets its own nonces only (R4; CVE-2026-25536)', async () => {
  const mcp = testServer();
  mcp.registerTool('nonce', { inputSchema: { type: 'object' } }, async ({ nonce }, ctx) => {
    for (let step = 1; step <= FRAMES; step += 1) {
      void ctx.progress(step, FRAMES, String(nonce));
      if (step === 2) await new Promise(setImmediate);
    }
    return String(nonce);
  });
  const { url, router } = await startServer({ mcp });
  const counts = { results: 0, notifications: 0, foreign: 0 };
  const client = async (): Promise<void> => {
    const session = await openSession(url);
    for (let id = 1; id <= CALLS; id += 1) {
      const nonce = randomUUID();
      const body = toolCall('nonce', { nonce }, id, 'token');
      for (const message of await messagesOf(url, { body, headers: session.headers })) {
        const said = message.params?.message ?? message.result?.content[0].text;
        if (said !== nonce) counts.foreign += 1;
        else if (message.id === id) counts.results += 1;
        else if (message.params?.progressToken === 'token') counts.notifications += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  expect(counts).toEqual({ results: CLIENTS * CALLS, notifications: CLIENTS * CALLS * FRAMES, foreign: 0 });
  expect(await router.stats()).toMatchObject({ sessions: CLIENTS, calls: 0, streams: 0, droppedNotifications: 0 });
});

test('a tool is defined once and serves sessions that run at the same time (R4, invariant 6)', async () => {
  const mcp = testServer();
  let made = 0;
  mcp.registerTool('who', {}, (ctx) => {
    made += 1;
    return String(ctx.sessionId);
  });
  const { url } = await startServer({ mcp });
  const sessions = await Promise.all(Array.from({ length: 10 }, () => openSession(url)));
  const answers = await Promise.all(sessions.map((session) => session.call('who')));
  expect(answers.map(({ json }) => json.result.content[0].text)).toEqual(sessions.map(({ id }) => id));
  expect(made).toBe(10);
});
