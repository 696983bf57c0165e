/** By which address callers are counted, behind a proxy and without one. The count is that of refused credentials. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { startFloat } from '../support/server.js';

const API_KEY_HASHES = `ann=${createHash('sha256').update('the key of ann').digest('hex')}`;
const HEADERS = {
  authorization: 'Bearer a-guess',
  accept: 'application/json, text/event-stream',
  'content-type': 'application/json',
};
const PING = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });
/** More than the server lets one address try in a minute. */
const TRIES = 1_300;
const AT_ONCE = 20;

async function open(env: Record<string, string>) {
  const { mcpUrl } = await startFloat({ API_KEY_HASHES, ...env });
  return async (forwardedFor: string): Promise<number> => {
    const headers = { ...HEADERS, 'x-forwarded-for': forwardedFor };
    const answer = await fetch(mcpUrl, { method: 'POST', headers, body: PING });
    await answer.arrayBuffer();
    return answer.status;
  };
}

/** Attempts, each from the address of its number, until one is limited; returns the outcome. */
async function guess(from: (address: string) => Promise<number>, addressOf: (attempt: number) => string) {
  for (let first = 0; first < TRIES; first += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, (_, index) => from(addressOf(first + index)));
    const statuses = new Set(await Promise.all(batch));
    if (statuses.has(429)) return 'limited';
    expect([...statuses]).toEqual([401]);
  }
  return 'never limited';
}

describe('guesses of keys are limited by address (R19)', () => {
  test('by the forwarded address with a trusted proxy, without limiting other clients', async () => {
    const from = await open({ TRUST_PROXY: '1' });
    expect(await guess(from, () => '192.0.2.1')).toBe('limited');
    expect([await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([429, 401]);
    // Entries by the client precede those that the proxy adds.
    expect(await from('192.0.2.2, 192.0.2.1')).toBe(429);
  });

  test('by the address of the proxy, too', async () => {
    const from = await open({ TRUST_PROXY: 'loopback' });
    expect(await guess(from, () => '192.0.2.1')).toBe('limited');
    expect(await from('192.0.2.2')).toBe(401);
  });

  test('by the connection without a trusted proxy: an invented header gives no new attempts', async () => {
    const from = await open({});
    expect(await guess(from, (attempt) => `198.51.100.${attempt % 250}`)).toBe('limited');
    expect(await from('192.0.2.99')).toBe(429);
  });
});
