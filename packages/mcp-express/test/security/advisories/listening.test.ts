import { expect, test } from '@jest/globals';
import { McpServer, type Principal, ResourceTemplate, type RouterOptions } from 'mcp-express';
import { bearerAuth } from 'mcp-express/auth';
import { Modern } from '../../spec/modern/client.js';
import type { SseStream } from '../../support/raw-client.js';
import { startServer } from '../../support/start-server.js';
import { eventually } from '../../support/wait.js';
import { advisory } from './rows.js';
import { bearer } from './two-principals.js';

const PRIVATE = 'test://alice/private';
const OPEN = 'test://open';

const hers = (principal?: Principal): boolean => principal?.subject === 'alice';

/** Alice and Bob, each with a token that can be revoked. */
async function serving(options: RouterOptions = {}) {
  const mcp = new McpServer({ name: 'tenants', version: '1' });
  mcp.registerResource('private', PRIVATE, { visible: hers }, () => 'x');
  mcp.registerResource('family', new ResourceTemplate('test://alice/files/{n}'), { visible: hers }, () => 'x');
  mcp.registerResource('open', OPEN, {}, () => 'x');
  mcp.registerTool('open', {}, () => 'x');
  const tokens = new Map(['alice', 'bob'].map((subject) => [`token-of-${subject}`, { subject }]));
  const auth = bearerAuth({ verify: async (token) => tokens.get(token) });
  const server = await startServer({ mcp, options: { auth, authRecheckMs: 20, ...options } });
  const client = (who: string): Modern => new Modern(server.url, { headers: bearer(`token-of-${who}`) });
  return { ...server, tokens, alice: client('alice'), bob: client('bob') };
}

const told = ({ messages }: SseStream): string[] => messages.slice(1).map(({ method, params }) => params.uri ?? method);

advisory('(class) SEP-2575', () => {
  test('what is private to Alice is to Bob as if it were not there, and he is not told of it (R45)', async () => {
    const { alice, bob, router } = await serving();
    for (const [hidden, unknown] of [
      [PRIVATE, 'test://alice/pirate_'],
      ['test://alice/files/1', 'test://alice/miles/1'],
    ] as const) {
      const his = await bob.listen({ resourceSubscriptions: [hidden, OPEN] });
      expect(his.messages[0].params.notifications).toEqual({ resourceSubscriptions: [OPEN] });
      expect(his.text).toBe((await bob.listen({ resourceSubscriptions: [unknown, OPEN] })).text);
      const own = await alice.listen({ resourceSubscriptions: [hidden] });
      await router.notify.resourceUpdated(hidden);
      await router.notify.resourceUpdated(OPEN);
      await Promise.all([own.untilMessages(2), his.untilMessages(2)]);
      expect([told(own), told(his)]).toEqual([[hidden], [OPEN]]);
      expect(his.text).not.toContain('alice');
    }
  });

  test('a change of the catalog for Alice alone is told to her alone (R45)', async () => {
    const { alice, bob, mcp } = await serving();
    const lists = { toolsListChanged: true, resourcesListChanged: true };
    const [own, his] = [await alice.listen(lists), await bob.listen(lists)];
    mcp.registerResource('more', 'test://alice/more', { visible: hers }, () => 'x');
    mcp.registerTool('for-all', {}, () => 'x');
    await Promise.all([own.untilMessages(3), his.untilMessages(2)]);
    // In which order the lists of one turn are told is not promised.
    expect(told(own).sort()).toEqual(['notifications/resources/list_changed', 'notifications/tools/list_changed']);
    expect(told(his)).toEqual(['notifications/tools/list_changed']);
  });

  test("Bob's fifth stream of four is refused, and Alice's first opens (R45)", async () => {
    const { alice, bob } = await serving({ maxListenersPerPrincipal: 4 });
    for (let id = 1; id <= 4; id += 1) await bob.listen({ toolsListChanged: true }, { id });
    const fifth = await bob.ask('subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: 5 });
    expect([fifth.status, fifth.json.error.data.reason]).toEqual([429, 'too-many-streams']);
    expect((await alice.listen({ toolsListChanged: true })).status).toBe(200);
  });

  test("what Bob listened to ends with his token, and Alice's goes on (R21, R45)", async () => {
    const { alice, bob, tokens, router } = await serving();
    const [own, his] = [await alice.listen({ toolsListChanged: true }), await bob.listen({ toolsListChanged: true })];
    tokens.delete('token-of-bob');
    await his.untilClosed();
    expect((await bob.ask('tools/list')).status).toBe(401);
    await eventually('hers is left', async () => (await router.stats()).listeners === 1);
    expect(own.closed).toBeUndefined();
  });
});
