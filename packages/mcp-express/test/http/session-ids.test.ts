import { Agent, request as httpRequest } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { initializeRequest, openSession } from '../support/session.js';
import { startServer } from '../support/start-server.js';
import { addBurst, testServer } from '../support/test-tools.js';

const COUNT = 2_000;

describe('session ids (CVE-2025-6515, DESIGN 7)', () => {
  test('ids are distinct, printable, of 128 bits or more, and have nothing to do with time or order', async () => {
    const { url } = await startServer({ options: { maxSessions: COUNT } });

    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const ids: string[] = [];
    const open = async (): Promise<void> => {
      while (ids.length < COUNT) {
        ids.push('');
        const slot = ids.length - 1;
        const answer = await fetchId(url, agent);
        ids[slot] = answer;
      }
    };
    await Promise.all(Array.from({ length: 32 }, open));
    agent.destroy();
    expect(new Set(ids).size).toBe(COUNT);
    for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{22,64}$/);
    // The bits of each character position are evenly distributed: no counter, clock or constant part.
    for (let position = 0; position < (ids[0]?.length ?? 0); position += 1) {
      const counts = new Map<string, number>();
      for (const id of ids) counts.set(id.charAt(position), (counts.get(id.charAt(position)) ?? 0) + 1);
      expect(counts.size).toBeGreaterThanOrEqual(16);
      expect(Math.max(...counts.values())).toBeLessThan(COUNT / 8);
    }
    // The order of ids is not the order of creation.
    const sorted = [...ids].sort();
    const inPlace = ids.filter((id, index) => sorted[index] === id).length;
    expect(inPlace).toBeLessThan(50);
    // Consecutive ids share no longer prefix than by chance.
    const longest = Math.max(...ids.slice(1).map((id, index) => commonPrefix(id, ids[index] ?? '')));
    expect(longest).toBeLessThan(6);
  }, 120_000);

  test('stream ids, which event ids begin with, are as hard to guess (GHSA-84j6-jc92-77jm)', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const prefixes: string[] = [];
    for (let round = 0; round < 200; round += 1) {
      const stream = await session.callStream('burst', { count: 1 }, round, { progressToken: round });
      await stream.untilClosed();
      prefixes.push(String(stream.ids[0]).slice(0, -2));
    }
    expect(new Set(prefixes).size).toBe(200);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[\x21-\x7e]{22,}$/);
    expect(Math.max(...prefixes.slice(1).map((id, index) => commonPrefix(id, prefixes[index] ?? '')))).toBeLessThan(6);
    for (const prefix of prefixes) expect(prefix).not.toContain(session.id);
  });

  test('an app that is not listening serves supertest (R49)', async () => {
    const { app } = await startServer();
    const answer = await request(app).post('/mcp').set('accept', '*/*').send(initializeRequest());
    expect(answer.status).toBe(200);
    expect(answer.headers['mcp-session-id']).toMatch(/^[\x21-\x7e]{22,}$/);
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: 'init' });
  });
});

function commonPrefix(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

async function fetchId(url: string, agent: Agent): Promise<string> {
  const body = JSON.stringify(initializeRequest());
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(String(response.headers['mcp-session-id'])));
    });
    outgoing.once('error', reject).end(body);
  });
}
