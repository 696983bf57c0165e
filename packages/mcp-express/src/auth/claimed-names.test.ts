import { describe, expect, test } from '@jest/globals';
import { ClaimedNames } from './claimed-names.js';

describe('claimed names', () => {
  test('are taken once, until they expire, and then forgotten', async () => {
    let time = 10_000;
    const names = new ClaimedNames(() => time);
    expect(await names.claim('a', 12_500)).toBe(true);
    expect(await names.claim('b', 60_000)).toBe(true);
    time = 12_999;
    expect(await names.claim('a', 90_000)).toBe(false);
    time = 13_000;
    expect(await names.claim('a', 13_100)).toBe(true);
    time = 70_000;
    expect(await names.claim('c', 80_000)).toBe(true);
    expect(names.size).toBe(1);
  });

  test('are bounded, and none is dropped early to make room', async () => {
    const names = new ClaimedNames(() => 0, 2);
    await names.claim('a', 1000);
    await names.claim('b', 1000);
    await expect(names.claim('c', 1000)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await names.claim('a', 1000)).toBe(false);
  });
});
