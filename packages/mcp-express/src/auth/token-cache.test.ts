import { describe, expect, test } from '@jest/globals';
import { TokenCache } from './token-cache.js';

describe('cached results', () => {
  function counted(max: number): {
    cache: TokenCache<string>;
    ask: (token: string) => Promise<string>;
    asked: string[];
  } {
    const asked: string[] = [];
    const cache = new TokenCache<string>({ max, keepMs: () => 1000, now: () => 0 });
    const ask = (token: string): Promise<string> =>
      cache.get(token, async () => {
        asked.push(token);
        return `of ${token}`;
      });
    return { cache, ask, asked };
  }

  test('are bounded: the least recently used one is dropped', async () => {
    const { cache, ask, asked } = counted(2);
    for (const token of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await ask(token)).toBe(`of ${token}`);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
    expect(cache.size).toBe(2);
  });

  test('do not include failures', async () => {
    const { cache, ask } = counted(2);
    await expect(cache.get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await ask('a')).toBe('of a');
  });
});
