import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { frame, primingFrame, retryFrame } from './sse-frame.js';

/** Parses one event as a client of the SSE standard does. */
function parse(text: string): { id: string | undefined; data: string } {
  const fields = text.split('\n').map((line) => /^([a-z]*):? ?(.*)$/s.exec(line));
  const data = fields.filter((field) => field?.[1] === 'data').map((field) => field?.[2]);
  return { id: fields.find((field) => field?.[1] === 'id')?.[2], data: data.join('\n') };
}

describe('an SSE frame', () => {
  test('carries id and data, and ends with an empty line', () => {
    expect(frame({ id: 's.1', data: '{"a":1}' })).toBe('id: s.1\nevent: message\ndata: {"a":1}\n\n');
  });

  test('without an id leaves the last event id of the client unchanged', () => {
    expect(frame({ data: '{}' })).toBe('event: message\ndata: {}\n\n');
    expect(frame({ id: '', data: '{}' })).toBe('event: message\ndata: {}\n\n');
  });

  test.each(['a\nb', 'a\rb', 'a\r\nb', 'a\0b'])('rejects the id %j, which would start a new field', (id) => {
    expect(() => frame({ id, data: '' })).toThrow(TypeError);
    expect(() => primingFrame(id, 1)).toThrow(TypeError);
  });

  test('round-trips any text, with line breaks as line feeds, and never turns data into a field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (data) => {
        expect(parse(frame({ id: 'x', data }))).toEqual({ id: 'x', data: data.replaceAll(/\r\n|\r/g, '\n') });
      }),
    );
  });

  test('that primes has an id, a retry time and empty data', () => {
    expect(primingFrame('s.0', 1_000.4)).toBe('id: s.0\nretry: 1000\ndata:\n\n');
    expect(retryFrame(50)).toBe('retry: 50\n\n');
  });
});
