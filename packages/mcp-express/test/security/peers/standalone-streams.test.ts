import { expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { Modern, requestAlone, SSE_ONLY } from '../../spec/modern/client.js';
import { begin, headOf, SseStream } from '../../support/raw-client.js';
import { openSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { say } from '../../support/stores.js';
import { startProxy } from '../../support/tcp-proxy.js';
import { within } from '../../support/wait.js';
import { mistake } from './mistakes.js';

const AT_ONCE_MS = 1_000;

mistake('a second GET refused after the first dropped', () => {
  test.each(['left', 'was reset', 'froze at a proxy'])(
    'when the first %s, the second is 200 at once and misses nothing (R12)',
    async (how) => {
      const store = memoryStore();
      const { url, port } = await startServer({ options: { store } });
      const proxy = await startProxy(port);
      const session = await openSession(url);
      const first = await session.via(proxy.url).listen();
      await say(store, session.id, 1);
      await first.untilMessages(1);
      if (how === 'left') first.destroy();
      else if (how === 'was reset') proxy.reset();
      else proxy.freeze();
      await say(store, session.id, 2);
      for (let round = 0; round < 3; round += 1) {
        const second = await within('the second GET', session.resume(String(first.lastId)), AT_ONCE_MS);
        await second.untilMessages(1);
        expect(second.messages[0].params.data).toBe(2);
      }
    },
  );
});

mistake('a GET that sends nothing until the first event', () => {
  test('headers and a comment come at once, on GET, resume and subscriptions/listen (R9, R43)', async () => {
    const store = memoryStore();
    const { url } = await startServer({ options: { store } });
    const session = await openSession(url);
    await say(store, session.id, 1);
    const first = await session.listen();
    await first.untilMessages(1);
    const get = { method: 'GET', headers: { ...session.headers, ...SSE_ONLY } };
    const resume = { method: 'GET', headers: { ...get.headers, 'last-event-id': String(first.lastId) } };
    const alone = requestAlone('subscriptions/listen', { notifications: {} });
    for (const given of [get, resume, { ...alone, headers: { ...alone.headers, ...SSE_ONLY } }]) {
      const request = begin(url, given);
      const stream = new SseStream(request, await within('the head', headOf(request), AT_ONCE_MS));
      await within(
        'the first byte',
        stream.until('a byte', () => stream.text !== ''),
        AT_ONCE_MS,
      );
      expect(stream.text).toMatch(/^:/);
    }
  });

  test('a stream of 2026-07-28 that has nothing to say says so', async () => {
    const { url } = await startServer();
    const stream = await new Modern(url).listen({});
    expect(stream.text).toMatch(/^:/);
  });
});
