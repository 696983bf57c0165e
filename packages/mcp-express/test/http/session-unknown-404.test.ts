import { connect } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { memoryStore } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest, openSession, ping } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually, within } from '../support/wait.js';

function each(url: string, id: string | string[]): Promise<RawAnswer[]> {
  const headers = { 'mcp-session-id': id };
  return Promise.all([
    send(url, { body: ping(), headers }),
    send(url, { method: 'GET', headers }),
    send(url, { method: 'GET', headers: { ...headers, 'last-event-id': 'x.1' } }),
    send(url, { method: 'DELETE', headers }),
  ]);
}

describe('session ids that lead nowhere, on POST, GET, resume and DELETE alike (R15)', () => {
  test.each([
    ['of the right form', 'B'.repeat(32)],
    ['empty but for a space inside', 'a b'],
    ['with an ampersand', 'id&other=1'],
    ['with percent signs', '%0d%0aX-Evil:%201'],
    ['of 10 kB', 'x'.repeat(10_000)],
    ['one character short', 'B'.repeat(31)],
    ['one character long', 'B'.repeat(33)],
    ['that is a path', '../../etc/passwd'],
    ['that is __proto__', '__proto__'],
    ['a uuid', '3f2504e0-4f89-11d3-9a0c-0305e82c3301'],
    ['outside of ASCII', 'caf\u00e9'],
  ])('an id %s is 404 with the same body as any other (R15)', async (_what, id) => {
    const { url } = await startServer();
    const unknown = await each(url, 'A'.repeat(32));
    const answers = await each(url, id);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(answers.map(({ text }) => text)).toEqual(unknown.map(({ text }) => text));
    for (const answer of answers) {
      expect(answer.headers['mcp-session-id']).toBeUndefined();
      expect(answer.headers['content-type']).toBe('application/json');
    }
  });

  test('two session ids are 400, also when both are the same and good (R15)', async () => {
    const { url } = await startServer();
    const { id } = await openSession(url);
    for (const ids of [
      [id, id],
      [id, 'B'.repeat(32)],
    ]) {
      const answers = await each(url, ids);
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
      expect(answers.map(({ json }) => json.error.data.reason)).toEqual(Array(4).fill('session-header-malformed'));
    }
    expect((await send(url, { body: ping(), headers: { 'mcp-session-id': id } })).status).toBe(200);
  });

  test('an empty session id is 400, as none at all (R15)', async () => {
    const { url } = await startServer();
    await openSession(url);
    expect((await each(url, '')).map(({ status }) => status)).toEqual([400, 400, 400, 400]);
  });

  test('a session id with control characters is 400 and the server goes on (R15)', async () => {
    const { url, port } = await startServer();
    for (const character of ['\u0001', '\u0000', '\u007f', '\r']) {
      const socket = connect(port, '127.0.0.1');
      onCleanup(() => socket.destroy());
      socket.on('error', () => {});
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.end(`GET /mcp HTTP/1.1\r\nHost: localhost\r\nMcp-Session-Id: a${character}b\r\nConnection: close\r\n\r\n`);
      await within('the connection closes', closed);
      expect(text).toMatch(/^HTTP\/1\.1 40[04] /);
    }
    expect((await send(url, { body: initializeRequest() })).status).toBe(200);
  });

  test('an ended session is answered as one that never was (R15)', async () => {
    const { url } = await startServer();
    const unknown = await each(url, 'A'.repeat(32));
    const session = await openSession(url);
    await session.delete();
    const answers = await each(url, session.id);
    expect(answers.map(({ status, text }) => [status, text])).toEqual(
      unknown.map(({ status, text }) => [status, text]),
    );
  });

  test('an expired session is answered as one that never was (R15, R3)', async () => {
    let now = Date.now();
    const store = memoryStore({ now: () => now });
    const { url, router } = await startServer({ options: { store } });
    const unknown = await each(url, 'A'.repeat(32));
    const session = await openSession(url);
    now += 31 * 60_000;
    const answers = await each(url, session.id);
    expect(answers.map(({ status, text }) => [status, text])).toEqual(
      unknown.map(({ status, text }) => [status, text]),
    );
    await eventually('the session is gone', async () => (await router.stats()).sessions === 0);
  });

  test('unknown ids make no session (mcp-go, platformatic)', async () => {
    const { url, router } = await startServer();
    await each(url, 'A'.repeat(32));
    expect((await router.stats()).sessions).toBe(0);
  });
});
