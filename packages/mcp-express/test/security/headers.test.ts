import { describe, expect, test } from '@jest/globals';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';

describe('headers that say how an answer must not be used', () => {
  test('are on answers, refusals and streams', async () => {
    const { url } = await startServer();
    const session = await openSession(url);
    const stream = await session.listen();
    const answers = [
      (await send(url, { body: initializeRequest() })).headers,
      (await send(url, { body: 'no json' })).headers,
      stream.headers,
    ];
    for (const headers of answers) {
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none';frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
      });
    }
  });

  test('are those that helmet is asked for', async () => {
    const helmet = { strictTransportSecurity: false, frameguard: { action: 'sameorigin' } } as const;
    const { url } = await startServer({ options: { helmet } });
    const { headers } = await send(url, { body: initializeRequest() });
    expect([headers['strict-transport-security'], headers['x-frame-options']]).toEqual([undefined, 'SAMEORIGIN']);
  });

  test('are none where there shall be none', async () => {
    const { url } = await startServer({ options: { helmet: false } });
    const { headers } = await send(url, { body: initializeRequest() });
    expect([headers['x-content-type-options'], headers['content-security-policy']]).toEqual([undefined, undefined]);
  });
});
