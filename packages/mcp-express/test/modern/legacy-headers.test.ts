import { describe, expect, test } from '@jest/globals';
import { McpServer } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { type Headers, INITIALIZED, initializeRequest, openSession, REVISIONS, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addEcho } from '../support/test-tools.js';
import { base64, codeOf } from './alone.js';

async function counted() {
  const mcp = new McpServer({ name: 'counted', version: '1' });
  const count = addEcho(mcp);
  return { ...(await startServer({ mcp })), count };
}

const GOOD: readonly (readonly [string, Headers])[] = [
  ['no header at all', {}],
  ['both headers', { 'mcp-method': 'tools/call', 'mcp-name': 'echo' }],
  ['the name in Base64', { 'mcp-name': base64('echo') }],
  ['the method alone, in spaces', { 'MCP-Method': '  tools/call ' }],
];

const BAD: readonly (readonly [string, Headers])[] = [
  ['another method', { 'mcp-method': 'tools/list' }],
  ['an empty method', { 'mcp-method': '' }],
  ['the method in another case', { 'mcp-method': 'Tools/Call' }],
  ['the method twice', { 'mcp-method': ['tools/call', 'tools/call'] }],
  ['another name', { 'mcp-name': 'ech' }],
  ['an empty name', { 'mcp-name': '' }],
  ['the name twice', { 'mcp-name': ['echo', 'echo'] }],
  ['broken Base64', { 'mcp-name': '=?base64?ZWNobw?=' }],
  ['bytes beyond ASCII', { 'mcp-name': 'ech\u00f6' }],
];

describe.each(REVISIONS)('a call in a session of %s (R32)', (revision) => {
  test.each(GOOD)('with %s is served (R32)', async (_what, headers) => {
    const { url, count } = await counted();
    const session = await openSession(url, revision);
    expect(codeOf(await session.call('echo', { text: 'x' }, 1, { headers }))).toEqual([200, undefined]);
    expect(count.calls).toBe(1);
  });
});

describe('a call in a session whose headers say otherwise (R32)', () => {
  test.each(BAD)('with %s is 400 and -32020, and runs nothing (R32)', async (_what, headers) => {
    const { url, count } = await counted();
    const session = await openSession(url);
    const answer = await session.call('echo', { text: 'x' }, 7, { headers });
    expect(codeOf(answer)).toEqual([400, -32020]);
    expect(answer.json.id).toBe(7);
    expect(count.calls).toBe(0);
  });

  test('initialize of another method opens no session (R32)', async () => {
    const { url, router } = await counted();
    const answer = await send(url, { body: initializeRequest(), headers: { 'mcp-method': 'tools/list' } });
    expect(codeOf(answer)).toEqual([400, -32020]);
    expect(answer.headers['mcp-session-id']).toBeUndefined();
    expect((await router.stats()).sessions).toBe(0);
    const named = await send(url, { body: initializeRequest(), headers: { 'mcp-method': 'initialize' } });
    expect(named.status).toBe(200);
  });

  test('one header cannot be right for two different calls of a batch, and then neither runs (R32)', async () => {
    const { url, count } = await counted();
    const session = await openSession(url, '2025-03-26');
    const batch = [toolCall('echo', { text: 'a' }, 1), { jsonrpc: '2.0', id: 2, method: 'tools/list' }];
    expect(codeOf(await session.post(batch, { 'mcp-method': 'tools/call' }))).toEqual([400, -32020]);
    expect(count.calls).toBe(0);
    expect((await session.post(batch)).status).toBe(200);
    expect(count.calls).toBe(1);
  });

  test('a notification is taken whatever stands there (R32)', async () => {
    const { url } = await counted();
    const session = await openSession(url);
    expect((await session.post(INITIALIZED, { 'mcp-method': 'notifications/initialized' })).status).toBe(202);
  });
});
