import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { serve } from 'mcp-express';
import { buildApp } from '../src/app.js';

const client = new Client({ name: 'test', version: '1.0.0' });
let served: Awaited<ReturnType<typeof serve>>;

before(async () => {
  served = await serve(buildApp(), { port: 0 });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${served.url}/mcp`)));
});

after(async () => {
  await client.close();
  await served.close({ graceMs: 0 });
});

test('add-days counts from the end of a month', async () => {
  const { content } = await client.callTool({ name: 'add-days', arguments: { date: '2028-02-28', days: 2 } });
  assert.deepEqual(content, [{ type: 'text', text: '2028-03-01' }]);
});

test('add-days refuses an invalid date', async () => {
  const { isError } = await client.callTool({ name: 'add-days', arguments: { date: 'tomorrow', days: 1 } });
  assert.equal(isError, true);
});
