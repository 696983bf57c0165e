import { describe, expect, test } from '@jest/globals';
import { challengeText } from './challenge.js';

describe('the text of a challenge', () => {
  test.each([
    ['nothing', {}, 'Bearer'],
    ['attributes that are all empty', { realm: undefined, scope: '' }, 'Bearer'],
    ['quotes and backslashes', { realm: 'a"b\\c' }, 'Bearer realm="a\\"b\\\\c"'],
    ['line ends', { realm: 'a\r\nSet-Cookie: x' }, 'Bearer realm="a??Set-Cookie: x"'],
    ['other control characters and other letters', { realm: '\0\x7fé☃' }, 'Bearer realm="????"'],
  ])('with %s', (_what, attributes, text) => {
    expect(challengeText('Bearer', attributes)).toBe(text);
  });
});
