import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wireText } from './wire-text.js';

/** What a well-formed text is, whichever way it is written. */
function mended(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, member) => {
    if (typeof member === 'string') return Buffer.from(member, 'utf8').toString('utf8');
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).map(([name, each]) => [Buffer.from(name).toString(), each]));
  });
}

const HOSTILE = ['\ud800', '\udfff', '\\', '"', 'ud800', '\u2028', '\u2029', '\u0085', '\ud83d\ude00', 'é', '\n', 'a'];

describe('JSON text on the wire', () => {
  test('means the same, but that half characters are U+FFFD, and has no line break of Unicode', () => {
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

  test('is the same string where there is nothing to change', () => {
    const json = JSON.stringify({ text: 'plain é 😀 \\ud800 "quoted"', path: 'C:\\udata' });
    expect(wireText(json)).toBe(json);
  });

  test('two escapes that are one character together stay', () => {
    expect(wireText('"\\ud83d\\ude00 \\ud83d \\ude00\\ud83d\\ud83d\\ude00"')).toBe(
      '"\\ud83d\\ude00 \\ufffd \\ufffd\\ufffd\\ud83d\\ude00"',
    );
  });
});
