import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { serve } from 'mcp-express';
import { hashApiKey } from 'mcp-express/auth';
import { buildApp } from '../src/app.js';
import { authOf } from '../src/keys.js';

test('callers need a key', async (t) => {
  const auth = authOf([{ subject: 'alice', hash: hashApiKey('key-of-alice') }]);
  const served = await serve(buildApp({ auth }), { port: 0 });
  t.after(() => served.close({ graceMs: 0 }));
  const connect = async (key: string): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const requestInit = { headers: { Authorization: `Bearer ${key}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${served.url}/mcp`), { requestInit }));
    return client;
  };

  const alice = await connect('key-of-alice');
  assert.equal((await alice.listTools()).tools.length, 1);
  await alice.close();
  await assert.rejects(connect('guessed'));
});
