import { describe, expect, test } from '@jest/globals';
import { missingFrom, scopesOf, unionOf, withImplied } from './scopes.js';

describe('scopes', () => {
  test('are read from a string or a list', () => {
    expect(scopesOf(' a  b ')).toEqual(['a', 'b']);
    expect(scopesOf(['a', 7, 'b'])).toEqual(['a', 'b']);
    expect(scopesOf(7)).toBe(undefined);
  });

  test('appear once each, in order, without those that headers cannot contain or no resource needs', () => {
    expect(unionOf(['a', 'offline_access', 'x"y'], ['b', 'a'], ['c d'])).toEqual(['a', 'b']);
  });

  test('imply others, directly and indirectly, even in cycles', () => {
    const implied = { admin: ['write'], write: ['read'], read: ['write'] };
    expect(withImplied(['admin', 'constructor'], implied)).toEqual(['admin', 'constructor', 'write', 'read']);
  });

  test('are missing when one of them is', () => {
    expect(missingFrom(['a'], ['a', 'b'])).toBe(true);
    expect(missingFrom(['a', 'b'], ['b'])).toBe(false);
    expect(missingFrom([], [])).toBe(false);
  });
});
