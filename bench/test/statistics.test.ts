import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { bestOf, leastOf, median, quantile, range, ratios } from '../src/statistics.js';

describe('statistics of rounds', () => {
  test('the median is in the middle, of an even number between the two', () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  test('a ratio is of one round, and so is the best of several servers', () => {
    const theirs = bestOf([
      [10, 50],
      [20, 25],
    ]);
    assert.deepEqual(theirs, [20, 50]);
    assert.deepEqual(ratios([100, 100], theirs), [5, 2]);
    assert.deepEqual(
      leastOf([
        [10, 50],
        [20, 25],
      ]),
      [10, 25],
    );
  });

  test('the spread is from the least to the most, wherever they stand', () => {
    assert.deepEqual(range([3, 1, 2]), [1, 3]);
    assert.equal(quantile([5, 1, 4, 2, 3], 0.5), 3);
    assert.equal(quantile([5, 1], 1), 5);
  });
});
