import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wireText } from './wire-text.js';

/** The value with lone surrogates replaced, as UTF-8 does. */
function mended(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member) => {
    if (typeof member === 'string') return Buffer.from(member, 'utf8').toString('utf8');
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).map(([name, each]) => [Buffer.from(name).toString(), each]));
  });
}

const HOSTILE = ['\ud800', '\udfff', '\\', '"', 'ud800', '\u2028', '\u2029', '\u0085', '\ud83d\ude00', 'é', '\n', 'a'];

describe('JSON text on the wire', () => {
  test('is equivalent, except that lone surrogates are U+FFFD, and has no Unicode line breaks', () => {
    const text = fc.array(fc.constantFrom(...HOSTILE), { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.array(fc.dictionary(text, text, { maxKeys: 1 })), (value) => {
        const written = wireText(JSON.stringify(value));
        expect(JSON.parse(written)).toEqual(mended(value));
        expect(written).not.toMatch(/[\u0085\u2028\u2029]/);
      }),
      { numRuns: 500 },
    );
  });

  test('is the same string when there is nothing to replace', () => {
    const json = JSON.stringify({ text: 'plain é 😀 \\ud800 "quoted"', path: 'C:\\udata' });
    expect(wireText(json)).toBe(json);
  });

  test('escaped surrogate pairs are kept', () => {
    expect(wireText('"\\ud83d\\ude00 \\ud83d \\ude00\\ud83d\\ud83d\\ude00"')).toBe(
      '"\\ud83d\\ude00 \\ufffd \\ufffd\\ufffd\\ud83d\\ude00"',
    );
  });
});
