import type { McpServer, RouterOptions } from 'mcp-express';
import { apiKeys, bearerAuth, hashApiKey } from 'mcp-express/auth';
import { Modern } from '../../spec/modern/client.js';
import type { JsonBody, RawAnswer } from '../../support/raw-client.js';
import { type Headers, openSession } from '../../support/session.js';
import { type StartOptions, startServer, type TestServer } from '../../support/start-server.js';

/** What callers authenticate with. Alice has two, as after a rotation. */
export const KEYS = {
  alice: 'first-key-of-the-one-caller-0123456789',
  aliceAgain: 'second-key-of-the-one-caller-0123456789',
  bob: 'the-key-of-the-other-caller-0123456789',
} as const;

export const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });

export const ALICE = bearer(KEYS.alice);
export const ALICE_AGAIN = bearer(KEYS.aliceAgain);
export const BOB = bearer(KEYS.bob);

export function keyAuthentication() {
  const keys = [
    { hash: hashApiKey(KEYS.alice), subject: 'alice' },
    { hash: hashApiKey(KEYS.aliceAgain), subject: 'alice' },
    { hash: hashApiKey(KEYS.bob), subject: 'bob' },
  ];
  return bearerAuth({ verify: apiKeys({ keys }) });
}

/** A server that knows Alice and Bob by their keys, and serves nobody else. */
export function startGuarded(
  mcp: McpServer,
  options: RouterOptions = {},
  more: StartOptions = {},
): Promise<TestServer> {
  return startServer({ ...more, mcp, options: { auth: keyAuthentication(), ...options } });
}

export const ERAS = ['sessions', '2026-07-28'] as const;
export type Era = (typeof ERAS)[number];

export type Ask = (method: string, params?: JsonBody, headers?: Headers) => Promise<RawAnswer>;

/** A client of one era, as which one asks alike. */
export async function asker(url: string, era: Era, headers: Headers = {}): Promise<Ask> {
  if (era === '2026-07-28') {
    const client = new Modern(url);
    return (method, params = {}, more = {}) => client.ask(method, params, { headers: { ...headers, ...more } });
  }
  const session = await openSession(url, undefined, headers);
  return (method, params = {}, more = {}) => session.post({ jsonrpc: '2.0', id: 1, method, params }, more);
}

/** All of an answer but when it was given. */
export function bytesOf({ status, rawHeaders, text }: RawAnswer): unknown {
  const headers = rawHeaders.map((part, index) => (/^date$/i.test(rawHeaders[index - 1] ?? '') ? '' : part));
  return { status, headers, text };
}

/** Runs what `job` makes of each number, so many at a time. */
export async function inParallel(count: number, atOnce: number, job: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await job(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
}
