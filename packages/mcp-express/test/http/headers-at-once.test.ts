import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { memoryStore } from 'mcp-express';
import { begin, headOf } from '../support/raw-client.js';
import { openSession, toolCall } from '../support/session.js';
import { EXPRESS_MAJORS, startServer } from '../support/start-server.js';
import { say } from '../support/stores.js';
import { addGate, testServer } from '../support/test-tools.js';
import { eventually } from '../support/wait.js';

type Compression = (options?: { threshold?: number; filter?: () => boolean }) => RequestHandler;
const compression = createRequire(import.meta.url)('compression') as Compression;

const COMPRESSED = { 'accept-encoding': 'gzip, deflate, br' };

describe.each(EXPRESS_MAJORS)('headers and events leave at once, on Express %d (R43)', (express) => {
  describe.each([
    ['alone', []],
    ['behind compression()', [compression()]],
    ['behind a compression() that takes everything', [compression({ threshold: 0, filter: () => true })]],
  ] as readonly (readonly [string, readonly RequestHandler[]])[])('%s', (_what, before) => {
    test.each(['serve', 'node'] as const)('a slow tool shows its headers within a moment, by %s (R43)', async (by) => {
      const mcp = testServer();
      const gate = addGate(mcp);
      const { url } = await startServer({ mcp, express, before, by });
      const session = await openSession(url);
      const begun = performance.now();
      const stream = await session.callStream('gate', {}, 1, { progressToken: 't', headers: COMPRESSED });
      expect(stream.openedAt - begun).toBeLessThan(10_000);
      expect(stream.headers['content-encoding']).toBeUndefined();
      await stream.until('a first byte', () => stream.text !== '');
      const call = await gate.begun();
      for (let step = 1; step <= 5; step += 1) {
        const emitted = performance.now();
        void call.ctx.progress(step);
        await stream.untilMessages(step);
        expect(performance.now() - emitted).toBeLessThan(10_000);
      }
      call.resolve('done');
      expect(await stream.untilClosed()).toBe('end');
      expect(stream.messages).toHaveLength(6);
    });

    test('an idle GET gets its headers and a first byte at once, and each message when it is sent (R43)', async () => {
      const store = memoryStore();
      const { url } = await startServer({ express, before, options: { store } });
      const session = await openSession(url);
      const begun = performance.now();
      const stream = await session.listen(COMPRESSED);
      await stream.until('a first byte', () => stream.text !== '');
      expect(performance.now() - begun).toBeLessThan(10_000);
      for (let count = 1; count <= 3; count += 1) {
        await say(store, session.id, count);
        await stream.untilMessages(count);
      }
    });

    test('a JSON answer arrives whole (R43)', async () => {
      const { url } = await startServer({ express, before });
      const session = await openSession(url);
      const text = 'much '.repeat(10_000);
      const request = begin(url, {
        body: toolCall('echo', { text }),
        headers: { ...session.headers, 'accept-encoding': 'gzip' },
      });
      const head = await headOf(request);
      const chunks: Buffer[] = [];
      for await (const chunk of head) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      const body = head.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
      expect(JSON.parse(String(body)).result.content[0].text).toBe(text);
    });

    test('a client that leaves a stream is noticed (R23)', async () => {
      const { url, router } = await startServer({ express, before });

      const session = await openSession(url);
      const stream = await session.listen(COMPRESSED);
      expect((await router.stats()).streams).toBe(1);
      stream.reset();
      await eventually('it is noticed', async () => (await router.stats()).streams === 0);
    });
  });
});

test('a call becomes a stream after sseAfterMs, and no earlier (DESIGN 6)', async () => {
  const mcp = testServer();
  const gate = addGate(mcp);
  const { url } = await startServer({ mcp, options: { sseAfterMs: 300 } });
  const session = await openSession(url);
  const begun = performance.now();
  const stream = await session.callStream('gate');
  const took = stream.openedAt - begun;
  expect(took).toBeGreaterThanOrEqual(290);
  expect(took).toBeLessThan(10_000);
  (await gate.begun()).resolve('x');
  await stream.untilClosed();
});
