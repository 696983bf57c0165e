import { Agent, request as httpRequest } from 'node:http';
import { expect, test } from '@jest/globals';
import { onCleanup } from '../../support/cleanup.js';
import { initializeRequest, openSession } from '../../support/session.js';
import { startServer } from '../../support/start-server.js';
import { addBurst, testServer } from '../../support/test-tools.js';
import { advisory } from './rows.js';
import { inParallel } from './two-principals.js';

const COUNT = 1_000;
const BITS = 128;

/** The id that `initialize` gave. */
function opened(url: string, agent: Agent): Promise<string> {
  const body = JSON.stringify(initializeRequest());
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const outgoing = httpRequest(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(String(response.headers['mcp-session-id'])));
    });
    outgoing.once('error', reject).end(body);
  });
}

/** How many bits an id has by what was seen in each of its places: a counter or a clock has few. */
function bitsIn(ids: readonly string[]): number {
  const shortest = Math.min(...ids.map(({ length }) => length));
  let bits = 0;
  for (let place = 0; place < shortest; place += 1) {
    const counts = new Map<string, number>();
    for (const id of ids) counts.set(id.charAt(place), (counts.get(id.charAt(place)) ?? 0) + 1);
    for (const count of counts.values()) bits -= (count / ids.length) * Math.log2(count / ids.length);
  }
  return bits;
}

/** From -1 to 1: whether later ids are greater ones. */
function correlationWithOrder(ids: readonly string[]): number {
  const ranks = new Map([...ids].sort().map((id, rank) => [id, rank]));
  const mean = (ids.length - 1) / 2;
  const products = ids.map((id, order) => ((ranks.get(id) ?? 0) - mean) * (order - mean));
  const variance = ids.reduce((sum, _id, order) => sum + (order - mean) ** 2, 0);
  return products.reduce((sum, each) => sum + each, 0) / variance;
}

function expectUnforeseeable(ids: readonly string[], bits: number): void {
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]{22,}$/);
  expect(bitsIn(ids)).toBeGreaterThan(bits);
  // Four standard deviations of what chance gives.
  expect(Math.abs(correlationWithOrder(ids))).toBeLessThan(4 / Math.sqrt(ids.length));
}

advisory('CVE-2025-6515', () => {
  test('session ids are distinct, of 128 bits, and follow from neither time nor order', async () => {
    const { url } = await startServer({ options: { maxSessions: COUNT } });
    const agent = new Agent({ keepAlive: true, maxSockets: 16 });
    onCleanup(() => agent.destroy());
    const ids: string[] = [];
    await inParallel(COUNT, 16, async (index) => {
      ids[index] = await opened(url, agent);
    });
    // What is seen of a thousand ids says a little less than there is, and of 22 places of 64 letters there are 132 bits.
    expectUnforeseeable(ids, BITS - 1);
  });

  test('nor do event ids, but for their place in a stream', async () => {
    const mcp = testServer();
    addBurst(mcp);
    const { url } = await startServer({ mcp });
    const session = await openSession(url);
    const names: string[] = [];
    await inParallel(400, 16, async (index) => {
      const stream = await session.callStream('burst', { count: 1 }, index, { progressToken: index });
      await stream.untilClosed();
      names[index] = String(stream.ids[0]).replace(/\.\d+$/, '');
    });
    // 400 of them show less of their 128 bits: each place of 64 letters about 5.88 of 6, and the last of 22 has 4 letters.
    expectUnforeseeable(names, 21 * 5.8 + 1.9);
    for (const name of names) expect(name).not.toContain(session.id);
  });
});
