import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatEventId, originOf, parseEventId, placeIn } from './event-id.js';

describe('an event id', () => {
  test('leads back to its stream and place', () => {
    expect(parseEventId(formatEventId('stream-1_x', 12))).toEqual({ stream: 'stream-1_x', place: '12' });
    expect(parseEventId(originOf('s'))).toEqual({ stream: 's', place: '0' });
  });

  test.each(['', '.', 'a.', '.1', 'a.b.c', 'a b.1', 'a.1\n', 'a/../b.1', `${'x'.repeat(65)}.1`, 'ä.1'])(
    '%j is none',
    (id) => {
      expect(parseEventId(id)).toBe(undefined);
    },
  );

  test('names a place in its own stream only', () => {
    expect(placeIn('s', formatEventId('s', 12))).toBe(12);
    expect(placeIn('s', originOf('s'))).toBe(0);
    for (const id of [
      't.1',
      'ss.1',
      's1',
      's.',
      's.01',
      's.-1',
      's.1.1',
      's.1x',
      's. 1',
      's.1\n',
      `s.${'9'.repeat(16)}`,
    ]) {
      expect(placeIn('s', id)).toBe(undefined);
    }
  });

  test('parsing never throws, whatever a client sends', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (id) => void parseEventId(id)));
  });
});
