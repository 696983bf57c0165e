import { describe, expect, test } from '@jest/globals';
import { ownerKey, ownerName } from './principal.js';

describe('the key of an owner', () => {
  test.each([
    { subject: 'ann' },
    { issuer: 'https://id.example.com', subject: 'ann' },
    { issuer: 'https://id.example.com', subject: 'a"n,n', clientId: 'editor' },
    { subject: 'ann', clientId: 'editor' },
  ])('tells again whose it is: %j', (principal) => {
    expect(ownerName(ownerKey({ ...principal, scopes: ['read'], expiresAt: 1 }))).toEqual(principal);
  });

  test('of those who did not sign in it tells nothing', () => {
    expect(ownerName(ownerKey(undefined))).toBeUndefined();
  });
});
