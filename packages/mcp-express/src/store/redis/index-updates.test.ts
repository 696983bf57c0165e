import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Commands } from './client.js';
import { IndexUpdates } from './index-updates.js';

const INDEX = ['use', 'exp', 'held', 'seq'];

/** Updates of the index, recorded as one list of arguments per command. */
function recorded() {
  const told: (readonly string[])[] = [];
  const commands = {
    run: async (_script: unknown, _keys: unknown, args: readonly string[]) => void told.push(args),
  };
  return { told, news: new IndexUpdates(commands as unknown as Commands, INDEX) };
}

test('one command updates all sessions used in one turn, in the order of their last use', async () => {
  const { told, news } = recorded();
  news.used('a', 'owner-1', 1);
  news.used('b', '', 2);
  news.used('a', 'owner-1', 3);
  expect(told).toEqual([]);
  await turn();
  expect(told).toEqual([['b', '', '2', 'a', 'owner-1', '3']]);
  await turn();
  expect(told).toHaveLength(1);
});

test('a flush sends the recorded uses before the next command', async () => {
  const { told, news } = recorded();
  news.used('a', '', 1);
  news.flush();
  expect(told).toEqual([['a', '', '1']]);
  news.used('b', '', 2);
  await turn();
  expect(told.slice(1)).toEqual([['b', '', '2']]);
});

test('very many uses take several commands', async () => {
  const { told, news } = recorded();
  for (let count = 0; count < 1_200; count += 1) news.used(`s${count}`, '', count);
  await turn();
  expect(told.map(({ length }) => length / 3)).toEqual([500, 500, 200]);
});

test('a failed update of the index does not fail the request', async () => {
  const commands = { run: () => Promise.reject(new Error('Redis is away')) };
  const news = new IndexUpdates(commands as unknown as Commands, INDEX);
  news.used('a', '', 1);
  await turn();
  await turn();
});
