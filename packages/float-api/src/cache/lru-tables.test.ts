import { expect, test } from '@jest/globals';
import { LruTables } from './lru-tables.js';

const table = (size: number) => ({ records: Array.from({ length: size }, (_, index) => index), at: 0 });

test('evicts the least recently used table first', () => {
  const shelf = new LruTables<number>({ maxTables: 2, maxRecords: 100 });
  shelf.put('a', table(1));
  shelf.put('b', table(1));
  shelf.get('a');
  shelf.put('c', table(1));
  expect(['a', 'b', 'c'].map((name) => shelf.get(name) !== undefined)).toEqual([true, false, true]);
});

test('never exceeds the limit of records', () => {
  const shelf = new LruTables<number>({ maxTables: 10, maxRecords: 10 });
  shelf.put('a', table(6));
  shelf.put('a', table(4));
  shelf.put('b', table(6));
  expect(shelf.get('a')).toBeDefined();
  shelf.put('c', table(1));
  expect(shelf.get('b')).toBeUndefined();
  expect(shelf.get('c')).toBeDefined();
});

test('a table above the limit is not cached and replaces its older version', () => {
  const shelf = new LruTables<number>({ maxTables: 10, maxRecords: 10 });
  shelf.put('a', table(3));
  shelf.put('a', table(11));
  expect(shelf.get('a')).toBeUndefined();
  shelf.put('b', table(10));
  expect(shelf.get('b')).toBeDefined();
});

test('is empty after a clear', () => {
  const shelf = new LruTables<number>({ maxTables: 10, maxRecords: 10 });
  shelf.put('a', table(10));
  shelf.clear();
  expect(shelf.get('a')).toBeUndefined();
  shelf.put('b', table(10));
  expect(shelf.get('b')).toBeDefined();
});
