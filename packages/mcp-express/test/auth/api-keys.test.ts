import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { ConfigurationError } from 'mcp-express';
import { type ApiKey, apiKeys, bearerAuth, hashApiKey, type Principal } from 'mcp-express/auth';
import { protect } from './support/protected-server.js';

const newKey = (): string => randomBytes(32).toString('base64url');

describe('API keys are kept as hashes', () => {
  test('in hex or base64url, and each is its principal', async () => {
    const [first, second] = [newKey(), newKey()];
    const base64url = Buffer.from(hashApiKey(second), 'hex').toString('base64url');
    const verify = apiKeys({
      keys: [
        { hash: hashApiKey(first).toUpperCase(), subject: 'alice', scopes: ['read'] },
        { hash: base64url, subject: 'bob', clientId: 'cron', extra: { team: 'ops' } },
      ],
    });
    const { call } = await protect(bearerAuth({ verify }));
    expect((await call(`Bearer ${first}`)).json).toEqual({ subject: 'alice', scopes: ['read'] });
    expect((await call(`Bearer ${second}`)).json).toEqual({
      subject: 'bob',
      clientId: 'cron',
      extra: { team: 'ops', sub: 'bob' },
    });
    const refused = await call(`Bearer ${hashApiKey(first)}`);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="The access token is not valid"',
    ]);
  });

  test('and end when they expire', async () => {
    let time = 1_000_000;
    const key = newKey();
    const verify = apiKeys({ keys: [{ hash: hashApiKey(key), subject: 'a', expiresAt: 1001 }], now: () => time });
    const { call } = await protect(bearerAuth({ verify, now: () => time }));
    expect((await call(`Bearer ${key}`)).status).toBe(200);
    time = 1_001_000;
    const refused = await call(`Bearer ${key}`);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([
      401,
      'Bearer error="invalid_token", error_description="The API key expired"',
    ]);
  });

  test('or are looked up by hash with each request, so that revoking one works at once', async () => {
    const key = newKey();
    const table = new Map<string, Principal>([[hashApiKey(key), { subject: 'alice' }]]);
    const { call } = await protect(bearerAuth({ verify: apiKeys({ lookup: async (hash) => table.get(hash) }) }));
    expect((await call(`Bearer ${key}`)).status).toBe(200);
    table.clear();
    expect((await call(`Bearer ${key}`)).status).toBe(401);
  });

  test('and a lookup that fails is 503', async () => {
    const lookup = () => {
      throw new Error('no database');
    };
    const { call } = await protect(bearerAuth({ verify: apiKeys({ lookup }) }));
    const answer = await call(`Bearer ${newKey()}`);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([503, undefined]);
  });
});

describe('wrong keys stop the start, and are not shown', () => {
  const hash = hashApiKey('x');
  test.each([
    ['needs the option "keys"', []],
    ['key 0 must have a "hash"', [{ hash: 'my-secret-key', subject: 'a' }]],
    ['key 0 must have a "subject"', [{ hash, subject: '' }]],
    [
      'key 1 is a duplicate',
      [
        { hash, subject: 'a' },
        { hash: hash.toUpperCase(), subject: 'b' },
      ],
    ],
    ['key 0 must have a list of "scopes"', [{ hash, subject: 'a', scopes: ['a b'] }]],
    ['key 0 must have "expiresAt"', [{ hash, subject: 'a', expiresAt: Number.NaN }]],
  ] as [string, ApiKey[]][])('%s', (message, keys) => {
    const begin = (): unknown => apiKeys({ keys });
    expect(begin).toThrow(ConfigurationError);
    expect(begin).toThrow(message);
    expect(begin).not.toThrow('my-secret-key');
  });
});
