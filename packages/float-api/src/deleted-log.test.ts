import { describe, expect, test } from '@jest/globals';
import { readDeleted } from './deleted-log.js';
import { resourceOf } from './resources.js';
import type { RawResponse } from './transport.js';

const row = resourceOf('people');
function raw(body: unknown): RawResponse {
  const text = body === undefined ? '' : JSON.stringify(body);
  return { status: 200, text, header: (name) => (name === 'content-type' ? 'application/json' : undefined) };
}
const read = (body: unknown) => readDeleted(row, raw(body), 'GET /deleted/people');

describe('the log of deletions, whose shape is not public', () => {
  test.each([
    ['plain ids', [1, 2], undefined],
    ['records with the id of the resource', [{ people_id: 1 }, { people_id: 2 }], undefined],
    ['a wrapped list with a cursor', { data: [{ id: 1 }, { id: 2 }], next_cursor: 'x' }, 'x'],
    ['a wrapped list at its end', { items: [{ id: 1 }, { id: 2 }], cursor: null }, undefined],
  ])('takes %s', (_name, body, next) => {
    expect(read(body)).toEqual({ ids: [1, 2], next });
  });

  test('an empty answer is an empty log', () => {
    expect(read(undefined)).toEqual({ ids: [], next: undefined });
  });

  test.each([[{ a: [1], b: [2] }], [{ message: 'hello' }], [[{ name: 'no id' }]], ['text']])(
    'does not guess at %j',
    (body) => {
      expect(() => read(body)).toThrow(/expected a list of deleted ids/);
    },
  );
});
