import { describe, expect, test } from '@jest/globals';
import { ownerKey } from './principal.js';
import { requestPrincipal } from './request-principal.js';

describe('the principal on a request (R41)', () => {
  test('is undefined without any data of authentication', () => {
    for (const request of [{}, { auth: undefined, user: undefined }, { user: null }, { user: false }]) {
      expect(requestPrincipal(request)).toBe(undefined);
    }
  });

  test.each([
    ['the AuthInfo of the official SDK', { auth: { token: 't', clientId: 'app', scopes: ['a'], expiresAt: 9 } }, 'app'],
    [
      'AuthInfo with a subject',
      { auth: { token: 't', clientId: 'app', scopes: [], extra: { sub: 'alice' } } },
      'alice',
    ],
    ['claims of a JWT', { auth: { iss: 'https://issuer', sub: 'alice', azp: 'app', scope: 'a b', exp: 9 } }, 'alice'],
    ["Passport's user with a numeric id", { user: { id: 7, username: 'al' } }, '7'],
    ['a database id', { user: { _id: { toHexString: () => 'abc', toString: () => 'abc' } } }, 'abc'],
    ['a bare string', { user: 'alice' }, 'alice'],
  ])('is read from %s', (_what, request, subject) => {
    expect(requestPrincipal(request)?.subject).toBe(subject);
  });

  test('has issuer, client, scopes and expiry, and never the token', () => {
    const principal = requestPrincipal({
      auth: { token: 'secret', iss: 'https://issuer', sub: 'alice', client_id: 'app', scope: 'a b', exp: 9 },
    });
    expect(principal).toMatchObject({ issuer: 'https://issuer', clientId: 'app', scopes: ['a', 'b'], expiresAt: 9 });
    expect(JSON.stringify(principal)).not.toContain('secret');
  });

  test('without a subject is refused, not treated as anonymous', () => {
    for (const request of [{ user: {} }, { auth: { scopes: [] } }, { user: { id: '' } }, { user: 7 }, { user: '' }]) {
      expect(() => requestPrincipal(request)).toThrow('names no subject');
    }
  });
});

describe('the owner of a session (R5)', () => {
  test('stays the same when a token is refreshed', () => {
    const before = ownerKey({ subject: 'alice', issuer: 'i', scopes: ['a'], expiresAt: 1 });
    expect(ownerKey({ subject: 'alice', issuer: 'i', scopes: ['a', 'b'], expiresAt: 2 })).toBe(before);
  });

  test('differs by issuer, subject and client, and cannot be forged by joining them', () => {
    const owners = [
      undefined,
      { subject: '' },
      { subject: 'a' },
      { subject: 'a', issuer: 'b' },
      { subject: 'a', clientId: 'b' },
      { subject: 'a","b' },
      { subject: 'b', issuer: 'a' },
    ].map(ownerKey);
    expect(new Set(owners).size).toBe(owners.length);
  });
});

test('credentials that middleware keeps beside the claims are left out, by the list that logs use; claims stay', () => {
  const claims = { sub: 'ann', sid: 's', token_use: 'access', auth_time: 1, email: 'a@example.com', scope: 'x' };
  const credentials = {
    accessToken: 'a',
    refresh_token: 'b',
    'api-key': 'c',
    passwordHash: 'd',
    bearer: 'e',
    tokens: {},
  };
  const { extra } = requestPrincipal({ user: { ...claims, ...credentials } }) ?? {};
  expect(extra).toEqual(claims);
});
