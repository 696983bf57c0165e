import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { openWire } from '../../features/wire-session.js';
import { startServer } from '../../support/start-server.js';
import { testServer } from '../../support/test-tools.js';
import { eventually } from '../../support/wait.js';
import { mistake } from './mistakes.js';

const COUNT = 40;
const URIS = Array.from({ length: COUNT }, (_each, number) => `test://${number}`);

/** A node of the same server. */
async function node(store: ReturnType<typeof memoryStore>) {
  const mcp = testServer();
  for (const uri of URIS) mcp.registerResource(uri, uri, {}, () => 'x');
  mcp.registerTool('log', {}, async (ctx) => {
    await ctx.log('info', 'low');
    await ctx.log('error', 'high');
    return 'logged';
  });
  return startServer({ mcp, options: { store } });
}

mistake('sessions saved whole by two writers', () => {
  test('40 subscriptions, levels and calls at once, at two nodes, are all kept (R1)', async () => {
    const store = memoryStore();
    const nodes = [await node(store), await node(store)] as const;
    const session = await openWire(nodes[0].url);
    const at = (index: number) => session.via((nodes[index % 2] as (typeof nodes)[0]).url);
    const changes = URIS.flatMap((uri, index) => [
      at(index).ask('resources/subscribe', { uri }),
      at(index + 1).ask('logging/setLevel', { level: 'error' }),
      at(index).ask('ping'),
    ]);
    for (const { error } of await Promise.all(changes)) expect(error).toBeUndefined();
    const stream = await at(1).listen();
    for (const uri of URIS) await nodes[0].router.notify.resourceUpdated(uri);
    const told = () => new Set(stream.messages.map(({ params }) => params?.uri).filter((uri) => uri !== undefined));
    await eventually('every subscription is told of', () => told().size === COUNT);
    const logged = await at(0).post({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'log', arguments: {} },
    });
    expect(logged.text).toContain('high');
    expect(logged.text).not.toContain('low');
  });

  test('what one node takes back while the other adds, stays so (R1)', async () => {
    const store = memoryStore();
    const nodes = [await node(store), await node(store)] as const;
    const session = await openWire(nodes[0].url);
    const [odd, even] = [URIS.filter((_uri, index) => index % 2 === 1), URIS.filter((_uri, index) => index % 2 === 0)];
    for (const uri of odd) await session.ask('resources/subscribe', { uri });
    const other = session.via(nodes[1].url);
    await Promise.all([
      ...odd.map((uri) => session.ask('resources/unsubscribe', { uri })),
      ...even.map((uri) => other.ask('resources/subscribe', { uri })),
    ]);
    const stream = await other.listen();
    for (const uri of URIS) await nodes[0].router.notify.resourceUpdated(uri);
    const told = () => stream.messages.map(({ params }) => params?.uri);
    await eventually('all that are subscribed are told of', () => new Set(told()).size >= even.length);
    expect([...new Set(told())].sort()).toEqual([...even].sort());
  });
});
