import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { type RunningServer, startServer } from './app.js';
import { readConfig } from './config.js';
import { createLogger } from './logger.js';

const folder = mkdtempSync(join(tmpdir(), 'float-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(): Promise<RunningServer> {
  const logger = createLogger({ level: 'error', write: () => {} });
  return startServer(readConfig({ PORT: '0', STORE: `lmdb:${folder}` }), logger);
}

async function post(url: string, body: object, session?: string): Promise<Response> {
  const headers = {
    'content-type': 'application/json',
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
  };
  return fetch(`${url}/mcp`, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
}

const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };

test('a session survives a restart on the same store (R2), and readiness is reported', async () => {
  const first = await start();
  const opened = await post(first.url, { id: 1, method: 'initialize', params: CLIENT });
  const session = String(opened.headers.get('mcp-session-id'));
  expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
  await first.close();
  const second = await start();
  const listed = await post(second.url, { id: 2, method: 'tools/list' }, session);
  expect(listed.status).toBe(200);
  await second.close();
});
