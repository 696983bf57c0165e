import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { Client } from '../modern/alone.js';
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

describe('all spellings of a URI are one resource (RFC 3986, section 6.2), and each client is told its own', () => {
  /** How a client spells it, how the server does when it says that it has changed, and what is registered. */
  const SPELLINGS: readonly (readonly [string, string, string])[] = [
    ['HTTPS://Example.com', 'https://example.com/', 'https://example.com/'],
    ['config://app/', 'CONFIG://App', 'config://app'],
    ['file:///my%20files/caf%c3%a9', 'file:///my files/caf\u00e9', 'file:///my%20files/caf%C3%A9'],
    ['file:///%7Eme/%41', 'file:///~me/A', 'file:///~me/A'],
    ['urn:a:%2f', 'URN:a:%2F', 'urn:a:%2F'],
    ['Notes://Shelf/x%2Dy', 'notes://shelf/x-y', 'notes://shelf/{name}'],
  ];

  async function serving(registered: string) {
    const mcp = new McpServer({ name: 'u', version: '1' });
    const read = () => 'x';
    if (registered.includes('{')) mcp.registerResource('r', new ResourceTemplate(registered), {}, read);
    else mcp.registerResource('r', registered, {}, read);
    const server = await startServer({ mcp });
    return { ...server, session: await openWire(server.url) };
  }

  test.each(SPELLINGS)('subscribed as %s, updated as %s', async (subscribed, updated, registered) => {
    const { session, url, router } = await serving(registered);
    expect((await subscribe(session, subscribed)).result).toEqual({});
    const listener = await new Client(url).listen({ resourceSubscriptions: [subscribed, updated] });
    const stream = await session.listen();
    await router.notify.resourceUpdated(updated);
    await stream.untilMessages(1);
    await listener.untilMessages(2);
    expect(urisOn(stream)).toEqual([subscribed]);
    expect((await unsubscribe(session, updated)).result).toEqual({});
    await router.notify.resourceUpdated(updated);
    await router.notify.resourceUpdated(subscribed);
    await session.ask('ping');
    await listener.untilMessages(4);
    expect(urisOn(stream)).toEqual([subscribed]);
    expect(urisOn(listener)).toEqual([subscribed, subscribed, subscribed]);
    expect(listener.messages[0].params.notifications.resourceSubscriptions).toEqual([subscribed, updated]);
  });

  test('paths in another case, and reserved characters that are encoded, are other resources', async () => {
    const { session, router } = await serving('x://a/{+rest}');
    for (const uri of ['x://a/B', 'x://a/c%2Fd']) await subscribe(session, uri);
    const stream = await session.listen();
    for (const uri of ['x://a/b', 'x://a/c/d', 'x://A/B', 'x://a/c%2fd']) await router.notify.resourceUpdated(uri);
    await stream.untilMessages(2);
    await session.ask('ping');
    expect(urisOn(stream)).toEqual(['x://a/B', 'x://a/c%2Fd']);
  });

  test('missed while away: told once, by the URI that was subscribed with', async () => {
    const { session, router } = await serving('config://app');
    await subscribe(session, 'CONFIG://app');
    for (const uri of ['config://app', 'config://APP/', 'CONFIG://app']) await router.notify.resourceUpdated(uri);
    const stream = await session.listen();
    await stream.untilMessages(1);
    await session.ask('ping');
    expect(urisOn(stream)).toEqual(['CONFIG://app']);
  });
});
