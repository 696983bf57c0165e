import { describe, expect, test } from '@jest/globals';
import { ClaimShares } from './claim-shares.js';

/** The number of entries that the holders get until they are refused. */
function greedily(shares: ClaimShares, names: readonly string[], expiresAt = 60_000): number {
  let taken = 0;
  while (shares.take(names, expiresAt)) taken += 1;
  return taken;
}

describe('shares of a bounded memory', () => {
  test('one holder gets a sixth of all, and the next still has room', () => {
    const shares = new ClaimShares(() => 0, 1000);
    const share = greedily(shares, ['key a']);
    expect(share).toBe(171);
    expect(greedily(shares, ['key b'])).toBeGreaterThan(share / 2);
    expect(shares.take(['key c'], 60_000)).toBe(true);
  });

  test('a holder of many keys is bounded by the name that they share', () => {
    const shares = new ClaimShares(() => 0, 1000);
    let taken = 0;
    for (let key = 0; key < 5000; key++) taken += Number(shares.take([`key ${key}`, 'principal a'], 60_000));
    expect(taken).toBe(171);
    expect(shares.take(['key x', 'principal b'], 60_000)).toBe(true);
  });

  test('a hundred greedy holders leave room for one more, and the maximum is never exceeded', () => {
    const shares = new ClaimShares(() => 0, 10_000);
    for (let holder = 0; holder < 100; holder++) greedily(shares, [`key ${holder}`]);
    expect(shares.size).toBeLessThan(10_000);
    expect(shares.take(['key of another'], 60_000)).toBe(true);
  });

  test('entries are released when they expire, and holders without entries are dropped', () => {
    let time = 10_000;
    const shares = new ClaimShares(() => time, 1000);
    expect(greedily(shares, ['key a'], 12_500)).toBe(171);
    time = 12_999;
    expect(shares.take(['key a'], 90_000)).toBe(false);
    time = 13_000;
    expect(greedily(shares, ['key a'], 90_000)).toBe(171);
    expect(shares.size).toBe(171);
  });
});
