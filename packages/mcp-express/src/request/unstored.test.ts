import { expect, test } from '@jest/globals';
import { UnstoredResults } from './unstored.js';

/** A store that rejects writes while `isAway`. */
function away() {
  const store = { isAway: true, taken: [] as string[] };
  const put = (text: string) => async (): Promise<void> => {
    if (store.isAway) throw new Error('away');
    store.taken.push(text);
  };
  return { store, put };
}

test('results are held until the store is back; beyond the limit their replacements are held', async () => {
  const { store, put } = away();
  const results = new UnstoredResults(100);
  const step = (name: string, characters: number) => ({ characters, attempt: put(name), instead: put(`no ${name}`) });
  const held = [results.hold(step('a', 60)), results.hold(step('b', 60)), results.hold(step('c', 40))];
  store.isAway = false;
  expect(await Promise.all(held)).toEqual([true, true, true]);
  expect(store.taken.sort()).toEqual(['a', 'c', 'no b']);
  expect(await results.hold(step('d', 90))).toBe(true);
  expect(store.taken).toContain('d');
});

test('results without a replacement are dropped beyond the limit, and all are dropped when the node stops', async () => {
  const { put } = away();
  const results = new UnstoredResults(100);
  expect(await results.hold({ characters: 101, attempt: put('large') })).toBe(false);
  const held = results.hold({ characters: 1, attempt: put('small') });
  results.giveUp();
  expect([await held, await results.hold({ characters: 1, attempt: put('late') })]).toEqual([false, false]);
});
