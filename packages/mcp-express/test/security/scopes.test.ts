import { describe, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import { McpServer } from 'mcp-express';
import { send } from '../support/raw-client.js';
import { openSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';

/** Scopes as other authentication would leave them. */
const withScopes: RequestHandler = (request, _response, next) => {
  const scopes = request.get('x-scopes');
  if (scopes !== undefined) Object.assign(request, { auth: { sub: 'ann', scope: scopes } });
  next();
};

function orders() {
  const calls = { count: 0 };
  const mcp = new McpServer({ name: 'orders', version: '1' });
  mcp.registerTool('read', {}, () => 'read');
  mcp.registerTool('write', { scopes: ['orders:write'] }, () => {
    calls.count += 1;
    return 'written';
  });
  return { mcp, calls };
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

function alone(url: string, scopes: string | undefined) {
  const params = { name: 'write', arguments: {}, _meta: META };
  return send(url, {
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'write',
      'x-scopes': scopes,
    },
    body: { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
  });
}

describe('scopes of a tool (R46)', () => {
  test('one that is missing is 403 with a challenge for all, before the handler, in both eras', async () => {
    const { mcp, calls } = orders();
    const { url } = await startServer({ mcp, before: [withScopes] });
    const session = await openSession(url, '2025-11-25', { 'x-scopes': 'orders:read' });
    for (const answer of [await session.post(toolCall('write', {})), await alone(url, 'orders:read')]) {
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toBe(
        'Bearer error="insufficient_scope", scope="orders:read orders:write"',
      );
      expect(answer.json.error.data).toMatchObject({ reason: 'insufficient-scope', requiredScopes: ['orders:write'] });
    }
    expect(calls.count).toBe(0);
    expect((await session.post(toolCall('read', {}))).json.result.content[0].text).toBe('read');
  });

  test('with it the tool is served', async () => {
    const { mcp, calls } = orders();
    const { url } = await startServer({ mcp, before: [withScopes] });
    const session = await openSession(url, '2025-11-25', { 'x-scopes': 'orders:read orders:write' });
    expect((await session.post(toolCall('write', {}))).status).toBe(200);
    expect((await alone(url, 'orders:write')).status).toBe(200);
    expect(calls.count).toBe(2);
  });

  test('nobody who signed in is 401', async () => {
    const { mcp, calls } = orders();
    const { url } = await startServer({ mcp, before: [withScopes] });
    const session = await openSession(url);
    const answers = [await session.post(toolCall('write', {})), await alone(url, undefined)];
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(calls.count).toBe(0);
  });

  test('in a batch, only the call that lacks it fails', async () => {
    const { mcp, calls } = orders();
    const { url } = await startServer({ mcp, before: [withScopes] });
    const session = await openSession(url, '2025-03-26', { 'x-scopes': 'orders:read' });
    const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
    const answer = await session.post([call(1, 'read'), call(2, 'write')]);
    const outcomes = answer.json.map(({ id, result, error }: never) => [id, result !== undefined, error !== undefined]);
    expect([answer.status, outcomes.sort()]).toEqual([
      200,
      [
        [1, true, false],
        [2, false, true],
      ],
    ]);
    expect(calls.count).toBe(0);
  });

  test('what is no scope is refused at registration', () => {
    const mcp = new McpServer({ name: 'x', version: '1' });
    expect(() => mcp.registerTool('t', { scopes: ['a b'] }, () => '')).toThrow('"scopes" of tool "t"');
  });
});
