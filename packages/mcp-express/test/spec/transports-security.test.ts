import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import express from 'express';
import { mcpRouter, serve } from 'mcp-express';
import { onCleanup } from '../support/cleanup.js';
import { send } from '../support/raw-client.js';
import { ping, toolCall } from '../support/session.js';
import { authenticateByHeader, refusingPrincipal, startServer, USER_HEADER } from '../support/start-server.js';
import { initializeWith, open } from './client.js';
import { ALL, NEWEST_ONLY } from './requirement.js';
import { specServer } from './server.js';

const FOREIGN = ['https://evil.example', 'http://localhost.evil.example', 'null', '', 'http://'];

async function statusesFrom(revision: string, origin: string): Promise<number[]> {
  const { session, url } = await open({ revision });
  const answers = [
    await send(url, { body: initializeWith(revision), headers: { origin } }),
    await session.post(toolCall('echo', { text: 'x' }), { origin }),
    await session.post({ jsonrpc: '2.0', method: 'notifications/initialized' }, { origin }),
    await session.get({ origin }),
    await session.delete({ origin }),
  ];
  expect((await session.post(ping())).status).toBe(200);
  return answers.map(({ status }) => status);
}

describe('Origin', () => {
  test.each(ALL)('%s: a foreign one is refused on every request [transports.origin-validated]', async (revision) => {
    for (const origin of FOREIGN) {
      for (const status of await statusesFrom(revision, origin)) expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  test.each(NEWEST_ONLY)('%s: it is refused with 403 [transports.origin-403]', async (revision) => {
    for (const origin of FOREIGN) {
      expect(await statusesFrom(revision, origin)).toEqual([403, 403, 403, 403, 403]);
    }
  });

  test.each(NEWEST_ONLY)(
    '%s: the body of such a refusal is an error without the id of a request [transports.origin-403]',
    async (revision) => {
      const { session } = await open({ revision });
      const { json } = await session.post(ping(5), { origin: 'https://evil.example' });
      expect(json).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
      expect(json.id ?? null).toBeNull();
    },
  );

  test.each(ALL)(
    '%s: one of this machine, and one that was named, are served [transports.origin-validated]',
    async (revision) => {
      const origin = 'https://app.example.com';
      const { session, port } = await open({ revision, options: { allowedOrigins: [origin] } });
      for (const good of [origin, `http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
        expect((await session.post(ping(), { origin: good })).status).toBe(200);
      }
    },
  );
});

test('a server that is not told where to listen binds loopback [transports.bind-localhost]', async () => {
  const app = express();
  app.use(mcpRouter(specServer()));
  const served = await serve(app, { port: 0 });
  onCleanup(() => served.close());
  expect((served.server.address() as AddressInfo).address).toBe('127.0.0.1');
});

describe('authentication', () => {
  test.each(ALL)('%s: who is not let in gets nowhere [transports.authentication]', async (revision) => {
    const { url } = await startServer({ mcp: specServer(), options: { principal: refusingPrincipal } });
    for (const body of [initializeWith(revision), ping()]) expect((await send(url, { body })).status).toBe(401);
    expect((await send(url, { method: 'GET' })).status).toBeGreaterThanOrEqual(400);
  });

  test.each(ALL)('%s: a session is its owner’s alone [transports.authentication]', async (revision) => {
    const { session } = await open({ revision, before: [authenticateByHeader], headers: { [USER_HEADER]: 'alice' } });
    expect((await session.post(ping())).status).toBe(200);
    for (const user of ['bob', undefined]) {
      const headers = { [USER_HEADER]: user };
      const answers = [await session.post(ping(), headers), await session.get(headers), await session.delete(headers)];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    }
  });
});
