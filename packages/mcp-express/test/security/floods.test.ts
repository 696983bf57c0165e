import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { onCleanup } from '../support/cleanup.js';
import { FixtureProcess } from '../support/program.js';
import { send } from '../support/raw-client.js';
import { initializeRequest, openSession, type TestSession, toolCall } from '../support/session.js';

const MIB = 1024 * 1024;

/** `maxBodyBytes` as it is by default. */
const LIMIT = 4 * MIB;

/** How long each flood goes on. */
const FLOOD_MS = 1_500;

/** What a process of Node may grow by for other reasons: its heap is given back late. */
const GROWTH = 50 * MIB;

interface Flooded {
  readonly server: FixtureProcess;
  /** Somebody else, in a session that was open before. */
  readonly other: TestSession;
}

async function start(): Promise<Flooded> {
  const server = await FixtureProcess.start();
  const other = await openSession(server.url);
  // What is loaded and compiled at first is not what a flood costs.
  await flood(() => send(server.url, { body: initializeRequest() }), 500);
  return { server, other };
}

/** Sends again and again on 40 connections at once, and says what came back. */
async function flood(attempt: () => Promise<{ status: number }>, ms = FLOOD_MS): Promise<Map<number, number>> {
  const until = Date.now() + ms;
  const statuses = new Map<number, number>();
  const one = async (): Promise<void> => {
    while (Date.now() < until) {
      const { status } = await attempt();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 40 }, one));
  return statuses;
}

/** The other one calls all the while; each call must be answered. */
async function meanwhile<T>({ server, other }: Flooded, flooding: Promise<T>, growth = GROWTH): Promise<T> {
  let isOver = false;
  const over = flooding.finally(() => {
    isOver = true;
  });
  const before = server.memory();
  let calls = 0;
  while (!isOver) {
    const { status, json } = await other.post(toolCall('test_simple_text', {}));
    expect([status, json?.error]).toEqual([200, undefined]);
    calls += 1;
  }
  expect(calls).toBeGreaterThan(0);
  expect(server.isAlive).toBe(true);
  expect(server.memory() - before).toBeLessThan(growth);
  return over;
}

/** Sends a body in chunks until the server has had enough, or all of `bytes`. Resolves with what was sent. */
function upload(url: string, bytes: number): Promise<number> {
  const chunk = Buffer.alloc(256 * 1024, 0x20);
  return new Promise((resolve) => {
    let sent = 0;
    const request = httpRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' } });
    const push = (): void => {
      while (sent < bytes && !request.destroyed) {
        sent += chunk.length;
        if (!request.write(chunk)) return void request.once('drain', push);
      }
      request.end();
    };
    request.on('response', (response) => response.resume());
    request.on('error', () => {}).on('close', () => resolve(sent));
    push();
  });
}

describe('while it is flooded, the server keeps its memory and serves others (R19, R22)', () => {
  test('with initialize: sessions make room for one another, or are refused with a time to wait', async () => {
    const flooded = await start();
    const attempt = () => send(flooded.server.url, { body: initializeRequest() });
    const statuses = await meanwhile(flooded, flood(attempt));
    expect([...statuses.keys()].filter((status) => ![200, 429, 503].includes(status))).toEqual([]);
  });

  test('with session ids that do not exist', async () => {
    const flooded = await start();
    const headers = () => ({ 'mcp-session-id': crypto.randomUUID() });
    const attempt = () => send(flooded.server.url, { headers: headers(), body: toolCall('test_simple_text', {}) });
    const statuses = await meanwhile(flooded, flood(attempt));
    expect([...statuses.keys()].filter((status) => ![404, 429].includes(status))).toEqual([]);
  });

  test('with bodies of 1 GB in chunks: none is read far beyond the limit', async () => {
    const flooded = await start();
    const uploads = Array.from({ length: 50 }, () => upload(flooded.server.url, 1024 * MIB));
    const sent = await meanwhile(flooded, Promise.all(uploads), 50 * LIMIT);
    for (const bytes of sent) expect(bytes).toBeLessThan(64 * MIB);
  });

  test('with connections whose headers never end', async () => {
    const flooded = await start();
    const { hostname, port } = new URL(flooded.server.url);
    const sockets: Socket[] = Array.from({ length: 300 }, () => connect(Number(port), hostname));
    onCleanup(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (const socket of sockets) socket.on('error', () => {}).write('POST /mcp HTTP/1.1\r\nHost: localhost\r\n');
    const drip = flood(async () => {
      for (const socket of sockets) socket.write('X-Slow: 1\r\n');
      await new Promise(setImmediate);
      return { status: 0 };
    }, 1_000);
    await meanwhile(flooded, drip);
  });
});
