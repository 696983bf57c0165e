/** Error messages for wrong keys, missing features and broken connections. */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFloatClient } from 'float-api';
import { instantClock } from '../../../float-api/test/support/clocks.js';
import { failureOf } from '../../../float-api/test/support/failure.js';
import { API_KEY, type Harness, openHarness } from '../support/harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(() => harness.close());

describe('keys and connections', () => {
  test('a wrong key is reported without a retry', async () => {
    const wrong = harness.client({ apiKey: 'wrong-key' });
    const error = await failureOf(wrong.listAll('people'));
    expect(error.message).toMatch(/^Float refused the API key: it is wrong, or it was regenerated/);
    expect(harness.seen).toEqual(['GET /people']);
  });

  test('no key is refused before anything is opened', () => {
    expect(() => createFloatClient({ baseUrl: 'http://127.0.0.1:1', apiKey: '', userAgent: 'x' })).toThrow(
      'apiKey must be visible characters without spaces',
    );
  });

  test('a key removed by a proxy is distinguished from a wrong one', async () => {
    const edge = createServer((_request, response) => {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>403 Forbidden</h1>');
    }).listen(0, '127.0.0.1');
    await once(edge, 'listening');
    const float = harness.client({ baseUrl: `http://127.0.0.1:${(edge.address() as AddressInfo).port}/v3` });
    const error = await failureOf(float.listAll('people'));
    edge.close();
    edge.closeAllConnections();
    expect(error.code).toBe('forbidden');
    expect(error.message).toMatch(/^no Authorization header reached Float/);
  });

  test('without time tracking only logged time fails', async () => {
    harness.sandbox.settings.timeTracking = false;
    const error = await failureOf(harness.float.listAll('logged-time'));
    expect(error).toMatchObject({ code: 'feature-off', status: 403 });
    expect(error.message).toMatch(/^time tracking is switched off for the Float team/);
    await expect(harness.float.listAll('people')).resolves.toHaveLength(25);
  });

  test('Float down: four attempts for reads, one for writes, each with a clear error', async () => {
    const listening = await harness.sandbox.listen();
    await listening.close();
    const clock = instantClock();
    const lost = harness.client({ baseUrl: listening.url, clock });
    const read = await failureOf(lost.listAll('people'));
    expect(read).toMatchObject({ code: 'unavailable', endpoint: 'GET /people' });
    expect(read.message).toMatch(/^Float could not be reached or answered with a server error/);
    expect(clock.waits).toHaveLength(3);
    expect(await failureOf(lost.create('clients', { name: 'x' }))).toMatchObject({ code: 'unavailable' });
    expect(clock.waits).toHaveLength(3);
  });

  test('an endless response is cut off', async () => {
    const endless = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const chunk = Buffer.alloc(1024 * 1024, ' ');
      const pour = () => {
        while (response.write(chunk));
        response.once('drain', pour);
      };
      pour();
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const float = harness.client({ baseUrl: `http://127.0.0.1:${(endless.address() as AddressInfo).port}/v3` });
    expect(await failureOf(float.listAll('people'))).toMatchObject({ code: 'bad-answer' });
    endless.close();
    endless.closeAllConnections();
  });
});

test('the key is in no error, even if a server echoes it', async () => {
  harness.sandbox.faults.add({ does: 'status', status: 500 });
  const error = await failureOf(harness.float.listAll('people'));
  expect(JSON.stringify({ ...error, text: String(error), stack: error.stack })).not.toContain(API_KEY);
});
