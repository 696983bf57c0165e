import { describe, expect, jest, test } from '@jest/globals';
import { type AuditOptions, type AuditRecord, auditLog, McpServer, type Observation } from 'mcp-express';
import { apiKeys, bearerAuth, hashApiKey } from 'mcp-express/auth';
import { z } from 'zod';
import { type RawAnswer, send } from '../support/raw-client.js';
import { initializeRequest, TestSession, toolCall } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { eventually } from '../support/wait.js';

const KEY = 'key-of-alice-0123456789-0123456789';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function shop(): McpServer {
  const mcp = new McpServer({ name: 'shop', version: '1' });
  const inputSchema = z.object({ number: z.string(), login: z.object({ password: z.string() }).optional() });
  mcp.registerTool('find-order', { inputSchema }, ({ number }) => `order ${number}`);
  mcp.registerTool('fail', {}, () => ({ content: [{ type: 'text', text: 'no' }], isError: true }));
  mcp.registerTool('throw', {}, () => {
    throw new Error('no');
  });
  mcp.registerTool('write', { scopes: ['orders:write'] }, () => 'written');
  mcp.registerTool('later', { task: { required: true } }, () => 'done');
  mcp.registerTool(
    'wait',
    {},
    ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(''))),
  );
  mcp.registerPrompt('plan', {}, () => 'Plan it.');
  mcp.registerResource('note', 'note://1', {}, () => 'a note');
  return mcp;
}

async function start(options?: AuditOptions) {
  const records: AuditRecord[] = [];
  const events: Observation[] = [];
  const keys = [{ hash: hashApiKey(KEY), subject: 'alice', scopes: ['orders:read'] }];
  const server = await startServer({
    mcp: shop(),
    options: {
      auth: bearerAuth({ verify: apiKeys({ keys }) }),
      observe: [auditLog((record) => records.push(record), options), (event) => events.push(event)],
    },
  });
  return { ...server, records, events };
}

async function openSession(url: string): Promise<TestSession> {
  const answer = await send(url, { headers: bearer(KEY), body: initializeRequest() });
  return new TestSession(url, String(answer.headers['mcp-session-id']), '2025-11-25', bearer(KEY));
}

function alone(url: string, method: string, params: object, capabilities: object = {}): Promise<RawAnswer> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
  const name = 'uri' in params ? params.uri : 'name' in params ? params.name : undefined;
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    'mcp-name': String(name),
    ...bearer(KEY),
  };
  return send(url, { headers, body: { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } } });
}

describe('the audit log', () => {
  test('has who called which tool, with what outcome, in a session', async () => {
    const { url, records } = await start();
    const session = await openSession(url);
    for (const name of ['find-order', 'fail', 'throw', 'no-such']) await session.post(toolCall(name, { number: '7' }));
    const common = { event: 'call', method: 'tools/call', principal: expect.objectContaining({ subject: 'alice' }) };
    expect(records).toMatchObject([
      { ...common, name: 'find-order', outcome: 'result', ip: '127.0.0.1', session: expect.stringMatching(/^.{16}$/) },
      { ...common, name: 'fail', outcome: 'tool-error' },
      { ...common, name: 'throw', outcome: 'tool-error' },
      { ...common, name: 'no-such', outcome: 'error', error: 'invalid-params' },
    ]);
    expect(records[0]?.time).toBe(new Date(String(records[0]?.time)).toISOString());
  });

  test('has requests that stand alone, prompts and resources too', async () => {
    const { url, records } = await start();
    await alone(url, 'tools/call', { name: 'find-order', arguments: { number: '7' } });
    await alone(url, 'prompts/get', { name: 'plan' });
    await alone(url, 'resources/read', { uri: 'note://1' });
    expect(records.map(({ method, name, outcome }) => [method, name, outcome])).toEqual([
      ['tools/call', 'find-order', 'result'],
      ['prompts/get', 'plan', 'result'],
      ['resources/read', 'note://1', 'result'],
    ]);
    expect(records.every(({ session }) => session === undefined)).toBe(true);
  });

  test('has what was refused, with the reason, and nothing ran', async () => {
    const { url, records } = await start();
    const answer = await alone(url, 'tools/call', { name: 'write' });
    expect(answer.status).toBe(403);
    expect(records).toMatchObject([
      {
        event: 'refused',
        outcome: 'refused',
        error: 'insufficient-scope',
        name: 'write',
        principal: { subject: 'alice' },
      },
    ]);
  });

  test('has what became of a task, beside the call that began it', async () => {
    const { url, records } = await start();
    const tasks = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
    expect((await alone(url, 'tools/call', { name: 'later' }, tasks)).status).toBe(200);
    await eventually('the task is over', () => records.length === 2);
    expect(records.map(({ event, name, outcome }) => [event, name, outcome]).sort()).toEqual([
      ['call', 'later', 'result'],
      ['task', 'later', 'result'],
    ]);
  });

  test('hides every value, as it comes', async () => {
    const { url, records } = await start();
    await alone(url, 'tools/call', { name: 'find-order', arguments: { number: '7', login: { password: 'p' } } });
    expect(records[0]?.arguments).toEqual({ number: '[string]', login: '[object]' });
  });

  test('shows what is not secret, on request', async () => {
    const { url, records } = await start({ redact: 'secrets' });
    await alone(url, 'tools/call', { name: 'find-order', arguments: { number: '7', login: { password: 'p' } } });
    expect(records[0]?.arguments).toEqual({ number: '7', login: { password: '[redacted]' } });
  });

  test('shows no secret by any of its names or forms, and ordinary words as they are', async () => {
    const { url, records } = await start({ redact: 'secrets', methods: ['tools/call', 'completion/complete'] });
    const secret = 's3cr3t-of-alice';
    const args = {
      number: '7',
      password_confirmation: secret,
      accessKey: secret,
      cards: [{ pinCode: secret, cvv: secret, author: 'Ann' }],
      headers: [{ name: 'Authorization', value: secret }],
      site: `https://ann:${secret}@example.com/?sig=${secret}&page=2`,
      note: `send Authorization: Bearer ${secret}`,
      keyboard: 'de',
      tokenCount: 5,
    };
    await alone(url, 'tools/call', { name: 'find-order', arguments: args });
    expect(JSON.stringify(records)).not.toContain(secret);
    expect(records[0]?.arguments).toMatchObject({
      number: '7',
      cards: [{ author: 'Ann' }],
      headers: [{ name: 'Authorization' }],
      site: 'https://[redacted]@example.com/?sig=[redacted]&page=2',
      keyboard: 'de',
      tokenCount: 5,
    });
  });

  test.each(['values', 'secrets'] as const)('is bounded, whatever is sent (redact: %s)', async (redact) => {
    const { url, records, events } = await start({
      redact,
      methods: ['tools/call', 'resources/read', 'x'.repeat(256)],
    });
    const session = await openSession(url);
    const long = 'x'.repeat(3_900_000);
    const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`argument-${n}`, 'x'.repeat(8)]));
    await session.post(toolCall(long, {}));
    await session.post({ jsonrpc: '2.0', id: 2, method: 'resources/read', params: { uri: `note://${long}` } });
    await session.post({ jsonrpc: '2.0', id: 3, method: long, params: {} });
    await session.post(toolCall('find-order', { number: long }));
    await session.post(toolCall('find-order', { [long]: '7' }));
    await session.post(toolCall('find-order', many));
    expect(records.length).toBeGreaterThanOrEqual(5);
    for (const record of records) expect(JSON.stringify(record).length).toBeLessThan(20_000);
    expect(records[0]?.name).toBe(`${'x'.repeat(256)}… [cut: 3900000 characters]`);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(2_000);
  });

  test('has no credentials in the URI of a resource', async () => {
    const { url, records } = await start();
    await alone(url, 'resources/read', { uri: 'db://ann:s3cr3t@host/table?token=s3cr3t&page=2' });
    expect(records[0]?.name).toBe('db://[redacted]@host/table?token=[redacted]&page=2');
  });

  test('shows what a function makes of it, and of the methods that are named', async () => {
    const redact: AuditOptions['redact'] = (args, { name }) => `${name}: ${Object.keys(args).join()}`;
    const { url, records } = await start({ redact, methods: ['tools/call'] });
    await alone(url, 'prompts/get', { name: 'plan' });
    await alone(url, 'tools/call', { name: 'find-order', arguments: { number: '7' } });
    expect(records.map((record) => record.arguments)).toEqual(['find-order: number']);
  });
});

describe('what is observed', () => {
  test('holds no token, no session id and no arguments, whatever happened (R50)', async () => {
    const printed = ['log', 'info', 'warn', 'error', 'debug'].map((name) =>
      jest.spyOn(console, name as 'log').mockImplementation(() => {}),
    );
    const { url, events, router } = await start();
    const session = await openSession(url);
    await session.post(toolCall('find-order', { number: 'argument-7' }));
    await send(url, { headers: bearer('wrong-token-0123456789'), body: initializeRequest() });
    await send(url, {
      headers: { ...session.headers, 'mcp-session-id': `${session.id}x` },
      body: toolCall('fail', {}),
    });
    await session.post({ jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'write' } });
    await session.delete();
    await router.close();
    const text = JSON.stringify(events) + JSON.stringify(printed.map(({ mock }) => mock.calls));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['session-opened', 'call-ended', 'refused', 'session-ended']),
    );
    for (const secret of [KEY, 'wrong-token', session.id, 'argument-7']) expect(text).not.toContain(secret);
    for (const spy of printed) spy.mockRestore();
  });
});
