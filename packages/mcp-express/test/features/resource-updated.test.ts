import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import type { SseStream } from '../support/raw-client.js';
import { startServer } from '../support/start-server.js';
import { openWire, type WireSession } from './wire-session.js';

async function start(maxSubscriptionsPerSession = 1_000) {
  const mcp = new McpServer({ name: 'u', version: '1' });
  for (const name of ['a', 'b', '1', '2', '3']) mcp.registerResource(name, `x://${name}`, {}, () => name);
  const server = await startServer({ mcp, options: { maxSubscriptionsPerSession } });
  return { ...server, mcp, session: await openWire(server.url) };
}

const subscribe = (session: WireSession, uri: string) => session.ask('resources/subscribe', { uri });
const unsubscribe = (session: WireSession, uri: string) => session.ask('resources/unsubscribe', { uri });
const urisOn = (stream: SseStream): string[] => stream.messages.flatMap(({ params }) => params?.uri ?? []);

describe('notifications/resources/updated (MCP, Resources, Subscriptions)', () => {
  test('comes for what is subscribed to, and for nothing else', async () => {
    const { session, router } = await start();
    expect((await subscribe(session, 'x://a')).result).toEqual({});
    const stream = await session.listen();
    await router.notify.resourceUpdated('x://b');
    await router.notify.resourceUpdated('x://a');
    await stream.untilMessages(1);
    expect(stream.messages).toEqual([
      { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'x://a' } },
    ]);
  });

  test('comes to the sessions that asked, and to no other (R24)', async () => {
    const { session, router, url } = await start();
    const other = await openWire(url);
    await subscribe(session, 'x://a');
    await subscribe(other, 'x://b');
    const [own, others] = [await session.listen(), await other.listen()];
    await router.notify.resourceUpdated('x://a');
    await router.notify.resourceUpdated('x://b');
    await Promise.all([own.untilMessages(1), others.untilMessages(1)]);
    expect([urisOn(own), urisOn(others)]).toEqual([['x://a'], ['x://b']]);
  });

  test('subscribing twice is one subscription', async () => {
    const { session, router } = await start();
    await subscribe(session, 'x://a');
    await subscribe(session, 'x://a');
    const stream = await session.listen();
    await router.notify.resourceUpdated('x://a');
    await stream.untilMessages(1);
    await session.ask('ping');
    expect(urisOn(stream)).toEqual(['x://a']);
  });

  test('stops when unsubscribed, and unsubscribing what was not is no error', async () => {
    const { session, router } = await start();
    await subscribe(session, 'x://a');
    const stream = await session.listen();
    expect((await unsubscribe(session, 'x://a')).result).toEqual({});
    expect((await unsubscribe(session, 'x://a')).result).toEqual({});
    await router.notify.resourceUpdated('x://a');
    await session.ask('ping');
    expect(stream.messages).toEqual([]);
  });

  test('missed while away: each URI once on reconnect, however often it changed', async () => {
    const { session, router } = await start();
    await subscribe(session, 'x://a');
    await subscribe(session, 'x://b');
    for (let round = 0; round < 10; round += 1) {
      await router.notify.resourceUpdated('x://b');
      await router.notify.resourceUpdated('x://a');
    }
    const stream = await session.listen();
    await stream.untilMessages(2);
    await session.ask('ping');
    expect(urisOn(stream).sort()).toEqual(['x://a', 'x://b']);
    stream.destroy();
    await stream.untilClosed();
    const again = await session.listen();
    await session.ask('ping');
    expect(again.messages).toEqual([]);
  });

  test('missed while away and unsubscribed since: not told', async () => {
    const { session, router } = await start();
    await subscribe(session, 'x://a');
    await router.notify.resourceUpdated('x://a');
    await unsubscribe(session, 'x://a');
    const stream = await session.listen();
    await session.ask('ping');
    expect(stream.messages).toEqual([]);
  });

  test('is of the session: a deleted one leaves nothing behind, a new one starts without', async () => {
    const { session, router, url } = await start();
    await subscribe(session, 'x://a');
    await session.delete();
    await router.notify.resourceUpdated('x://a');
    const stream = await (await openWire(url)).listen();
    await router.notify.resourceUpdated('x://a');
    expect(stream.messages).toEqual([]);
  });

  test('from within a handler it goes to the GET stream (invariant 2)', async () => {
    const { session, mcp } = await start();
    mcp.registerTool('touch', {}, async (ctx) => {
      await ctx.notify.resourceUpdated('x://a');
      return 'touched';
    });
    await subscribe(session, 'x://a');
    const stream = await session.listen();
    expect((await session.call('touch')).headers['content-type']).toBe('application/json');
    await stream.until('the update', () => urisOn(stream).includes('x://a'));
  });

  test('more subscriptions than the limit are refused with an error, and those there are go on (invariant 5)', async () => {
    const { session, router } = await start(2);
    await subscribe(session, 'x://1');
    await subscribe(session, 'x://2');
    expect((await subscribe(session, 'x://3')).error.data.reason).toBe('too-many-subscriptions');
    expect((await subscribe(session, 'x://2')).result).toEqual({});
    await unsubscribe(session, 'x://1');
    expect((await subscribe(session, 'x://3')).result).toEqual({});
    const stream = await session.listen();
    for (const uri of ['x://1', 'x://2', 'x://3']) await router.notify.resourceUpdated(uri);
    await stream.untilMessages(2);
    expect(urisOn(stream)).toEqual(['x://2', 'x://3']);
  });

  test.each([undefined, null, 5, {}])('without a URI (%j) it is -32602', async (uri) => {
    const { session } = await start();
    for (const method of ['resources/subscribe', 'resources/unsubscribe']) {
      expect((await session.ask(method, { uri })).error.code).toBe(-32602);
    }
  });
});
