import { expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { authenticateByHeader, startServer } from '../support/start-server.js';
import { messagesIn, openWire, type WireSession } from './wire-session.js';

// Two nodes take a while for each, and fewer show the same.
const CALLS = process.env['TEST_REDIS_URL'] === undefined ? 1_000 : 300;
const CONCURRENCY = 64;
const USERS = ['anna', 'boris'];

const other = (user: string): string => (user === 'anna' ? 'boris' : 'anna');

function tenantServer(): McpServer {
  const mcp = new McpServer({ name: 'tenants', version: '1' });
  mcp.registerTool('echo', { inputSchema: { type: 'object' } }, async ({ nonce }, ctx) => {
    const user = String(ctx.principal?.subject);
    void ctx.progress(1, 2, `${user} ${nonce}`);
    await new Promise(setImmediate);
    await ctx.log('info', `${user} ${nonce}`);
    await ctx.progress(2, 2, `${ctx.principal?.subject} ${nonce}`);
    return `${ctx.principal?.subject} ${nonce}`;
  });
  mcp.registerTool(
    'quick',
    { inputSchema: { type: 'object' } },
    ({ nonce }, { principal }) => `${principal?.subject} ${nonce}`,
  );
  const own = new ResourceTemplate('files://{user}/{name}', {
    list: ({ principal }) => ({
      resources: [{ uri: `files://${principal?.subject}/a`, name: `${principal?.subject}-a` }],
    }),
  });
  mcp.registerResource('files', own, {}, (_uri, { name }, { principal }) => `${principal?.subject} ${name}`);
  return mcp;
}

type Step = (session: WireSession, user: string, nonce: string) => Promise<void>;

const STEPS: readonly Step[] = [
  async (session, user, nonce) => {
    const messages = messagesIn(await session.call('echo', { nonce }, 1, { progressToken: 'same' }));
    const said = messages.map(({ params, result }) => params?.message ?? params?.data ?? result.content[0].text);
    expect(said).toEqual(Array.from({ length: 4 }, () => `${user} ${nonce}`));
  },
  async (session, user, nonce) => {
    const { json } = await session.call('quick', { nonce }, 1);
    expect(json.result.content[0].text).toBe(`${user} ${nonce}`);
  },
  async (session, user) => {
    const { text } = await session.post({ jsonrpc: '2.0', id: 1, method: 'resources/list' });
    expect(text).toContain(`${user}-a`);
    expect(text).not.toContain(other(user));
  },
  async (session, user, nonce) => {
    const params = { uri: `files://${user}/${nonce}` };
    const { json } = await session.post({ jsonrpc: '2.0', id: 1, method: 'resources/read', params });
    expect(json.result.contents[0].text).toBe(`${user} ${nonce}`);
  },
];

test(`${CALLS} interleaved calls of two principals with the same ids and tokens: nobody hears of the other (R24, R4)`, async () => {
  const { url, router } = await startServer({ mcp: tenantServer(), before: [authenticateByHeader] });
  const sessions = await Promise.all(
    Array.from({ length: 8 }, async (_each, index) => {
      const user = String(USERS[index % USERS.length]);
      const session = await openWire(url, { user });
      return { user, session, own: await session.listen() };
    }),
  );
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < CALLS; index = next++) {
      const { session, user } = sessions[index % sessions.length]!;
      await STEPS[(index >> 3) % STEPS.length]!(session, user, `n${index}`);
      if (index % 100 === 0) await router.notify.toolsChanged();
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  for (const { own, user } of sessions) {
    expect(own.text).not.toContain(other(user));
    expect(new Set(own.messages.map(({ method }) => method))).toEqual(new Set(['notifications/tools/list_changed']));
  }
  expect((await router.stats()).calls).toBe(0);
});
