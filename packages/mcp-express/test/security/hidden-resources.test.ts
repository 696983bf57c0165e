import { describe, expect, test } from '@jest/globals';
import { McpServer, ResourceTemplate } from 'mcp-express';
import { Client } from '../modern/alone.js';
import type { SseStream } from '../support/raw-client.js';
import { openSession } from '../support/session.js';
import { authenticateByHeader, startServer, USER_HEADER } from '../support/start-server.js';

const urisOn = ({ messages }: SseStream): string[] => messages.flatMap(({ params }) => params?.uri ?? []);
const HIDDEN = ['x://secret', 'x://files/secret'];

async function start() {
  const hiddenFrom = new Set<string>(['bob']);
  const visible = (principal: { subject: string } | undefined) => !hiddenFrom.has(principal?.subject ?? '');
  const mcp = new McpServer({ name: 'hiding', version: '1' });
  mcp.registerResource('secret', 'x://secret', { visible }, () => 'secret');
  mcp.registerResource('files', new ResourceTemplate('x://files/{name}'), { visible }, () => 'file');
  mcp.registerResource('open', 'x://open', {}, () => 'open');
  const removable = mcp.registerResource('gone', 'x://gone', {}, () => 'gone');
  const server = await startServer({ mcp, before: [authenticateByHeader] });
  const session = async (user: string) => {
    const opened = await openSession(server.url, '2025-11-25', { [USER_HEADER]: user });
    const subscribe = (uri: string, id = 1) =>
      opened.post({ jsonrpc: '2.0', id, method: 'resources/subscribe', params: { uri } });
    return { opened, subscribe };
  };
  /** Announces them in order, the one that all may see last. */
  const announce = async (...uris: string[]) => {
    for (const uri of [...uris, 'x://open']) await server.router.notify.resourceUpdated(uri);
  };
  return { ...server, hiddenFrom, removable, session, announce };
}

describe('resources that a caller may not see (R5)', () => {
  test('a session hears of them no more than of unknown URIs, connected or away', async () => {
    const { session, announce } = await start();
    const { opened, subscribe } = await session('bob');
    const unknown = await subscribe('x://unknown');
    for (const uri of HIDDEN) expect((await subscribe(uri)).text).toBe(unknown.text);
    await subscribe('x://open');
    await announce(...HIDDEN, 'x://unknown');
    const stream = await opened.listen();
    await stream.untilMessages(1);
    await announce(...HIDDEN, 'x://unknown');
    await stream.untilMessages(2);
    expect(urisOn(stream)).toEqual(['x://open', 'x://open']);
  });

  test('visibility is asked at each announcement: what was hidden or removed since is not announced', async () => {
    const { session, announce, hiddenFrom, removable } = await start();
    const { opened, subscribe } = await session('alice');
    for (const uri of [...HIDDEN, 'x://gone', 'x://open']) await subscribe(uri);
    const stream = await opened.listen();
    await announce('x://secret', 'x://gone');
    await stream.until('the first', () => urisOn(stream).length === 3);
    hiddenFrom.add('alice');
    removable.remove();
    await announce(...HIDDEN, 'x://gone');
    await stream.until('the second', () => urisOn(stream).filter((uri) => uri === 'x://open').length === 2);
    hiddenFrom.delete('alice');
    await announce('x://files/secret');
    await stream.until('the third', () => urisOn(stream).filter((uri) => uri === 'x://open').length === 3);
    expect(urisOn(stream).sort()).toEqual(
      ['x://secret', 'x://gone', 'x://open', 'x://open', 'x://files/secret', 'x://open'].sort(),
    );
  });

  test('the same without a session', async () => {
    const { url, announce, hiddenFrom, removable } = await start();
    const wanted = { resourceSubscriptions: [...HIDDEN, 'x://gone', 'x://open', 'x://unknown'] };
    const bob = await new Client(url, { user: 'bob' }).listen(wanted);
    const alice = await new Client(url, { user: 'alice' }).listen(wanted);
    expect(bob.messages[0].params.notifications.resourceSubscriptions).toEqual(['x://gone', 'x://open']);
    hiddenFrom.add('alice');
    removable.remove();
    await announce(...HIDDEN, 'x://gone');
    for (const stream of [alice, bob]) {
      await stream.until('the open one', () => urisOn(stream).includes('x://open'));
      expect(urisOn(stream)).toEqual(['x://open']);
    }
  });
});
