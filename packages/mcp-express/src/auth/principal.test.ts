import { describe, expect, test } from '@jest/globals';
import { ownerKey, ownerName } from './principal.js';

describe('the key of an owner', () => {
  test.each([
    { subject: 'ann' },
    { issuer: 'https://id.example.com', subject: 'ann' },
    { issuer: 'https://id.example.com', subject: 'a"n,n', clientId: 'editor' },
    { subject: 'ann', clientId: 'editor' },
  ])('can be decoded into the identity: %j', (principal) => {
    expect(ownerName(ownerKey({ ...principal, scopes: ['read'], expiresAt: 1 }))).toEqual(principal);
  });

  test('of anonymous callers decodes to undefined', () => {
    expect(ownerName(ownerKey(undefined))).toBeUndefined();
  });
});
