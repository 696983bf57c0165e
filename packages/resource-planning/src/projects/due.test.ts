import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { someRange, someSpan } from '../../test/support/arbitraries.js';
import { eachDay } from '../day.js';
import { type DueItem, dueIn } from './due.js';

const item = (id: number, from: string, due = from): DueItem => ({
  kind: 'milestone',
  id,
  name: `M${id}`,
  projectId: 1,
  from,
  due,
});

test('the earliest first, with days left that are negative for what was due', () => {
  const items = [
    item(1, '2026-11-25'),
    item(2, '2026-11-20'),
    item(3, '2026-11-24', '2026-12-10'),
    item(4, '2026-12-01'),
  ];
  const found = dueIn(items, { from: '2026-11-20', to: '2026-11-30' }, '2026-11-23');
  expect(found.map(({ id, daysLeft }) => [id, daysLeft])).toEqual([
    [2, -3],
    [1, 2],
    [3, 17],
  ]);
});

test('it is due in a range when any of its days is in it', () => {
  fc.assert(
    fc.property(fc.array(someSpan, { maxLength: 8 }), someRange, (spans, range) => {
      const items = spans.map(({ from, to }, index) => item(index, from, to));
      const days = new Set(eachDay(range));
      const expected = items.filter(({ from, due }) => eachDay({ from, to: due }).some((day) => days.has(day)));
      const found = dueIn(items, range, range.from);
      expect(found.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
      expect(found.map(({ due }) => due)).toEqual(found.map(({ due }) => due).toSorted());
    }),
  );
});
