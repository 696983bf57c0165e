import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { requestAlone } from '../../spec/modern/client.js';
import type { RawRequest } from '../../support/raw-client.js';
import { messagesOf, openSession, toolCall } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { advisory } from './rows.js';
import { ERAS, type Era, inParallel } from './two-principals.js';

const CLIENTS = 60;
const IDS = [1, 2];
const FRAMES = 5;
const TOKEN = 'the same token';

/** Tools once, for everybody: the nonce comes back in five notifications and the result, with others in between. */
async function serving() {
  const mcp = testServer();
  mcp.registerTool('nonce', { inputSchema: { type: 'object' } }, async ({ nonce }, ctx) => {
    for (let step = 1; step <= FRAMES; step += 1) {
      void ctx.progress(step, FRAMES, String(nonce));
      if (step % 2 === 0) await new Promise(setImmediate);
    }
    return String(nonce);
  });
  return startServer({ mcp });
}

/** How a client of each era asks: its ids and tokens are those of all others. */
async function callsOf(url: string, era: Era): Promise<(nonce: string, id: number) => RawRequest> {
  if (era === 'sessions') {
    const { headers } = await openSession(url);
    return (nonce, id) => ({ body: toolCall('nonce', { nonce }, id, TOKEN), headers });
  }
  return (nonce, id) =>
    requestAlone('tools/call', { name: 'nonce', arguments: { nonce } }, { id, meta: { progressToken: TOKEN } });
}

advisory('CVE-2026-25536', () => {
  test.each(ERAS)(
    'many clients at once, alike in ids and tokens, get what is theirs alone, in %s (R4)',
    async (era) => {
      const { url, router } = await serving();
      const counts = { results: 0, notifications: 0, foreign: 0 };
      const told = (nonce: string, id: number) => (message: Awaited<ReturnType<typeof messagesOf>>[number]) => {
        const said = message.params?.message ?? message.result?.content[0].text;
        if (said !== nonce) counts.foreign += 1;
        else if (message.id === id) counts.results += 1;
        else if (message.params?.progressToken === TOKEN) counts.notifications += 1;
      };
      await inParallel(CLIENTS, CLIENTS, async () => {
        const callOf = await callsOf(url, era);
        for (const id of IDS) {
          const nonce = randomUUID();
          (await messagesOf(url, callOf(nonce, id))).forEach(told(nonce, id));
        }
      });
      const results = CLIENTS * IDS.length;
      expect(counts).toEqual({ results, notifications: results * FRAMES, foreign: 0 });
      expect(await router.stats()).toMatchObject({ calls: 0, streams: 0, droppedNotifications: 0 });
    },
  );
});
