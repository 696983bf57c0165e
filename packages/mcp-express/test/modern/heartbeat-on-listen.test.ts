import { expect, test } from '@jest/globals';
import { addGate, testServer } from '../support/test-tools.js';
import { start } from './alone.js';

const EVERY_MS = 20;

test('a subscription is no call that makes progress: whatever its token, it hears of changes alone (R30)', async () => {
  const mcp = testServer();
  addGate(mcp);
  const { client, router } = await start({ mcp, options: { progressHeartbeatMs: EVERY_MS } });
  const manner = { meta: { progressToken: 'same' } };
  const listener = await client.listen({ toolsListChanged: true }, manner);
  // A call beside it hears heartbeats, so that they are known to have come by.
  const call = await client.callStream('gate', {}, manner);
  await call.untilMessages(3);
  await router.notify.toolsChanged();
  await listener.untilMessages(2);
  expect(listener.messages.map(({ method }) => method)).toEqual([
    'notifications/subscriptions/acknowledged',
    'notifications/tools/list_changed',
  ]);
});
