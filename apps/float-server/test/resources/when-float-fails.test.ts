/**
 * Messages to users when Float rejects the key, lacks a feature or is unreachable: every method explains what to do, while
 * the server stays up (issue 7).
 */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createSandbox } from 'float-sandbox';
import type { Connected } from '../../../../packages/mcp-express/test/clients/official-clients.js';
import { onCleanup } from '../../../../packages/mcp-express/test/support/cleanup.js';
import { freePort } from '../../../../packages/mcp-express/test/support/redis.js';
import { todayIn } from '../../src/app.js';
import { ERAS, read, type Started, startFloat } from '../support/server.js';

const KEY = 'the-key-of-the-team';

async function openFloat(port = 0, timeTracking = true): Promise<string> {
  const sandbox = createSandbox({ today: todayIn('UTC'), token: KEY, limits: false, settings: { timeTracking } });
  const { url } = await sandbox.listen(port);
  onCleanup(() => sandbox.close());
  return url;
}

/** The message of every method when it fails. */
async function everyAnswer({ client, callTool }: Connected): Promise<string[]> {
  const failure = (asked: Promise<unknown>) =>
    asked.then(
      () => 'succeeded',
      (error: Error) => error.message,
    );
  const tool = await callTool('who-is-free', { range: 'this week' });
  expect(tool.isError).toBe(true);
  const write = await callTool('save-record', { resource: 'client', fields: { name: 'Northwind' } });
  expect(write.isError).toBe(true);
  const ref = { type: 'ref/resource', uri: 'float://people/{person}' };
  return [
    tool.content[0].text,
    write.content[0].text,
    await failure(client.readResource({ uri: 'float://people' })),
    await failure(client.getPrompt({ name: 'weekly-planning-meeting' })),
    await failure(client.complete({ ref, argument: { name: 'person', value: 'a' } })),
  ];
}

async function isUp({ url, lines }: Started): Promise<void> {
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(lines.join('')).not.toContain(KEY);
}

describe.each(ERAS)('with %s', (_name, driver) => {
  test('a wrong key: what it is and who can mend it', async () => {
    const url = await openFloat();
    const started = await startFloat({ FLOAT_API_KEY: 'not-the-key', FLOAT_API_URL: url });
    for (const said of await everyAnswer(await driver.connect(started.mcpUrl))) {
      expect(said).toMatch(
        /Float refused the API key: it is wrong, or it was regenerated.*The operator of this server/,
      );
      expect(said).not.toContain('not-the-key');
    }
    await isUp(started);
  });

  test('no key on its way: a proxy that takes it away is named', async () => {
    // Float's edge answers like this, in HTML.
    const edge = createServer((_asked, answer) => {
      answer.writeHead(403, { 'content-type': 'text/html' }).end('<html>Forbidden</html>');
    }).listen(0, '127.0.0.1');
    await once(edge, 'listening');
    onCleanup(() => {
      edge.closeAllConnections();
      edge.close();
    });
    const url = `http://127.0.0.1:${(edge.address() as AddressInfo).port}/v3`;
    const started = await startFloat({ FLOAT_API_KEY: KEY, FLOAT_API_URL: url });
    for (const said of await everyAnswer(await driver.connect(started.mcpUrl))) {
      expect(said).toMatch(/no Authorization header reached Float: a proxy in between removes it/);
      expect(said).not.toContain('<html>');
    }
    await isUp(started);
  });

  test('no key: the sandbox, which identifies itself', async () => {
    const started = await startFloat({ STATS_PORT: '0' });
    const { client } = await driver.connect(started.mcpUrl);
    expect(client.getInstructions()).toMatch(/Without a Float key.*an invented team/);
    expect(await (await fetch(String(started.statsUrl))).json()).toMatchObject({ source: 'sandbox' });
  });

  test('a team without time tracking: only tools that need it fail, with a clear message', async () => {
    const url = await openFloat(0, false);
    const started = await startFloat({ FLOAT_API_KEY: KEY, FLOAT_API_URL: url });
    const connected = await driver.connect(started.mcpUrl);
    for (const [tool, args] of [
      ['logged-vs-planned', { range: 'last week' }],
      ['find-record', { resource: 'logged-time', filters: { range: 'last week' } }],
    ] as const) {
      const result = await connected.callTool(tool, args);
      expect([result.isError, result.content[0].text]).toEqual([
        true,
        expect.stringMatching(/time tracking is (switched )?off .*, or the (API )?key has no right to it/),
      ]);
    }
    const free = await connected.callTool('who-is-free', { range: 'this week' });
    expect(free.isError ?? false).toBe(false);
    expect(await read(connected, 'float://people')).toMatchObject({ page: 1 });
    await isUp(started);
  });

  test('Float unreachable: an error, and the same client recovers afterwards', async () => {
    const port = await freePort();
    const env = { FLOAT_API_KEY: KEY, FLOAT_API_URL: `http://127.0.0.1:${port}/v3` };
    const started = await startFloat(env);
    const connected = await driver.connect(started.mcpUrl);
    for (const said of await everyAnswer(connected)) {
      expect(said).toMatch(/Float could not be reached or answered with a server error/);
      expect(said).toMatch(/Try again in a moment/);
    }
    await isUp(started);
    await openFloat(port);
    const free = await connected.callTool('who-is-free', { range: 'this week' });
    expect(free.isError ?? false).toBe(false);
    expect(await read(connected, 'float://people')).toMatchObject({ page: 1 });
  });
});
