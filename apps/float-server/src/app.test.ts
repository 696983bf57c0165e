import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type RunningServer, startServer, todayIn } from './app.js';
import { readConfig } from './config.js';
import { createLogger } from './logger.js';

const lines: string[] = [];
let running: RunningServer;
let client: Client;

beforeAll(async () => {
  const logger = createLogger({ level: 'debug', write: (line) => lines.push(line) });
  running = await startServer(readConfig({ PORT: '0', STATS_PORT: '0', FLOAT_TIME_ZONE: 'UTC' }), logger);
  client = new Client({ name: 'test', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(`${running.url}/mcp`));
  await client.connect(transport as Transport);
});
afterAll(async () => {
  await client.close();
  await running.close();
});

describe('the whole server, with the official client, on the sandbox', () => {
  test('lists the tools with instructions', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['who-is-free', 'find-people', 'delete-record']),
    );
    expect(client.getInstructions()).toContain('who-is-free');
    expect(client.getInstructions()).toContain('an invented team');
  });

  test('answers who is free, with progress, in a form the client checks against the output schema', async () => {
    const seen: number[] = [];
    const args = { name: 'who-is-free', arguments: { range: 'next 2 weeks' } };
    const result = await client.callTool(args, undefined, { onprogress: ({ progress }) => seen.push(progress) });
    const { people } = result.structuredContent as { people: { free_hours: number }[] };
    expect(people.length).toBeGreaterThan(0);
    expect(people.map((person) => person.free_hours)).toEqual(
      people.map((person) => person.free_hours).sort((a, b) => b - a),
    );
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1));
    expect(seen.length).toBeGreaterThan(4);
  });

  test.each([
    ['who-is-overbooked', { range: 'this quarter' }],
    ['find-people', { active: true, limit: 3 }],
    ['find-projects', {}],
    ['find-record', { resource: 'clients' }],
    ['find-allocations', { range: 'this week' }],
    ['find-record', { resource: 'time-off', filters: { range: 'this quarter' } }],
    ['find-record', { resource: 'time-off-types' }],
    ['find-record', { resource: 'logged-time', filters: { range: 'last week' } }],
  ])('%s %j', async (name, args) => {
    const result = await client.callTool({ name, arguments: args });
    expect([result.isError, result.structuredContent]).toEqual([undefined, expect.any(Object)]);
  });

  test('a wrong argument is an error result, not a protocol error', async () => {
    const result = await client.callTool({ name: 'who-is-free', arguments: { range: 'one day' } });
    expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('Examples:') }] });
  });

  test.each(['/healthz', '/healthz/', '/HEALTHZ', '/healthz?all'])(
    '%s reports health and nothing else',
    async (path) => {
      const answer = await fetch(`${running.url}${path}`);
      expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok' }]);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    },
  );

  test('statistics have their own address on the loopback interface', async () => {
    expect(running.statsUrl).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const answer = await fetch(String(running.statsUrl));
    expect(await answer.json()).toEqual(expect.objectContaining({ source: 'sandbox', sessions: expect.any(Number) }));
    expect((await fetch(String(running.statsUrl), { method: 'POST' })).status).toBe(405);
  });

  test('calls are logged, one line each', () => {
    const calls = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter(({ message }) => message === 'call ended');
    expect(calls).toEqual(expect.arrayContaining([expect.objectContaining({ level: 'info', name: 'who-is-free' })]));
  });
});

test('a server that other machines can reach logs warnings', async () => {
  const warnings: string[] = [];
  const logger = createLogger({ level: 'warn', write: (line) => warnings.push(line) });
  const open = await startServer(readConfig({ HOST: '0.0.0.0', PORT: '0', ALLOW_ANYONE: 'true' }), logger);
  await open.close();
  expect(warnings.join('')).toMatch(/authentication is off[\s\S]*set ALLOWED_HOSTS/);
});

test('today is the day of the team', () => {
  const instant = new Date('2026-11-23T23:30:00Z');
  expect([todayIn('UTC', instant), todayIn('Asia/Tokyo', instant)]).toEqual(['2026-11-23', '2026-11-24']);
});
