import { describe, expect, test } from '@jest/globals';
import type { Request } from './authentication.js';
import { credentialsOf } from './credentials.js';

function requestWith(authorization: string | undefined, more: object = {}): Request {
  const rawHeaders = authorization === undefined ? [] : ['Authorization', authorization];
  return { headers: { authorization }, rawHeaders, url: '/mcp', ...more } as Request;
}

describe('the credentials of a request', () => {
  test.each([
    ['Bearer abc', { kind: 'token', scheme: 'Bearer', token: 'abc' }],
    ['bEARER   a.b-c_d~e+f/g==', { kind: 'token', scheme: 'Bearer', token: 'a.b-c_d~e+f/g==' }],
    ['dpop abc', { kind: 'token', scheme: 'DPoP', token: 'abc' }],
    [undefined, { kind: 'none' }],
    ['', { kind: 'none' }],
    ['abc', { kind: 'none' }],
    ['Bearerabc', { kind: 'none' }],
    ['Digest username="a"', { kind: 'none' }],
  ])('%j', (authorization, credentials) => {
    expect(credentialsOf(requestWith(authorization), 100)).toEqual(credentials);
  });

  test.each(['Bearer', 'Bearer a b', 'Bearer a,b', 'Bearer "a"', 'Bearer é', 'DPoP =', `Bearer ${'a'.repeat(101)}`])(
    'are malformed: %j',
    (authorization) => {
      expect(credentialsOf(requestWith(authorization), 100)).toMatchObject({ kind: 'invalid', error: 'invalid_token' });
    },
  );

  test.each([
    ['in two headers', { rawHeaders: ['Authorization', 'Bearer a', 'authorization', 'Bearer a'] }],
    ['in the query', { url: '/mcp?a=b&access_token=x' }],
    ['in the query, encoded', { url: '/mcp?access%5Ftoken=x' }],
    ['in the body', { body: { access_token: 'x' } }],
  ])('are invalid %s', (_where, more) => {
    expect(credentialsOf(requestWith('Bearer a', more), 100)).toMatchObject({
      kind: 'invalid',
      error: 'invalid_request',
    });
  });
});
