import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Principal } from '../../auth/principal.js';
import { McpError } from '../../protocol/errors.js';
import { TokenWatch, type WatchedStream } from './token-watch.js';

const ANN: Principal = { subject: 'ann', scopes: ['a', 'b'] };
const NEVER = new Promise<never>(() => {});

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function watched(recheck: () => Promise<Principal>, more: Partial<WatchedStream> = {}) {
  const seen = { ended: 0, renewed: [] as Principal[] };
  return {
    seen,
    principal: ANN,
    recheck,
    endsAtExpiry: false,
    renew: (principal: Principal) => void seen.renewed.push(principal),
    end: () => {
      seen.ended += 1;
    },
    ...more,
  };
}

describe('the token of an open stream is verified again (R21, R45)', () => {
  test('and the stream receives the renewed principal', async () => {
    const watch = new TokenWatch(1000);
    const stream = watched(async () => ({ ...ANN, scopes: ['a'] }));
    watch.watch(stream);
    await jest.advanceTimersByTimeAsync(2500);
    expect(stream.seen.renewed).toEqual([
      { subject: 'ann', scopes: ['a'] },
      { subject: 'ann', scopes: ['a'] },
    ]);
    expect(stream.seen.ended).toBe(0);
  });

  test.each([
    ['another subject', { subject: 'bob' }],
    ['another issuer', { ...ANN, issuer: 'https://other.example' }],
    ['another client', { ...ANN, clientId: 'other' }],
  ])('and the stream ends if the token now belongs to %s', async (_what, fresh) => {
    const watch = new TokenWatch(1000);
    const stream = watched(async () => fresh);
    watch.watch(stream);
    await jest.advanceTimersByTimeAsync(1000);
    expect(stream.seen).toEqual({ ended: 1, renewed: [] });
  });

  test('and the stream stays open if verification fails or another stream has ended', async () => {
    const watch = new TokenWatch(1000);
    const unknown = watched(() => Promise.reject(new McpError('store-unavailable', 'down')));
    const over = watched(() => Promise.reject(new McpError('unauthorized', 'gone')));
    watch.watch(unknown);
    watch.watch(over)?.();
    await jest.advanceTimersByTimeAsync(3000);
    expect([unknown.seen.ended, over.seen.ended]).toEqual([0, 0]);
  });

  test('and the expiry moves with the renewed token', async () => {
    const expiresAt = (ms: number): number => (Date.now() + ms) / 1000;
    const watch = new TokenWatch(1000);
    const longer = expiresAt(60_000);
    const stream = watched(async () => ({ ...ANN, expiresAt: longer }), {
      principal: { ...ANN, expiresAt: expiresAt(1500) },
    });
    watch.watch(stream);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(stream.seen.ended).toBe(0);
    await jest.advanceTimersByTimeAsync(31_000);
    expect(stream.seen.ended).toBeGreaterThan(0);
  });

  test('verifications that never end delay only their own streams and are not repeated', async () => {
    const watch = new TokenWatch(1000, 200);
    let asked = 0;
    const stuck = Array.from({ length: 100 }, () =>
      watched(() => {
        asked += 1;
        return NEVER;
      }),
    );
    for (const each of stuck) watch.watch(each);
    const revoked = watched(() => Promise.reject(new McpError('unauthorized', 'revoked')));
    watch.watch(revoked);
    await jest.advanceTimersByTimeAsync(1000 + Math.ceil(101 / 8) * 200);
    expect(revoked.seen.ended).toBe(1);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(asked).toBe(100);
  });

  test('an answer that never comes is lost after a time, and the token is asked about again', async () => {
    const watch = new TokenWatch(1000, 200, 30_000);
    let asked = 0;
    const revoked = watched(() => {
      asked += 1;
      return asked === 1 ? NEVER : Promise.reject(new McpError('unauthorized', 'revoked'));
    });
    watch.watch(revoked);
    await jest.advanceTimersByTimeAsync(30_000);
    expect([asked, revoked.seen.ended]).toEqual([1, 0]);
    await jest.advanceTimersByTimeAsync(1_500);
    expect([asked, revoked.seen.ended]).toEqual([2, 1]);
  });

  test('a late result still counts', async () => {
    const watch = new TokenWatch(1000, 200);
    const late = watched(
      () => new Promise((_resolve, reject) => setTimeout(() => reject(new McpError('unauthorized', 'late')), 5000)),
    );
    watch.watch(late);
    await jest.advanceTimersByTimeAsync(6000);
    expect(late.seen.ended).toBe(1);
  });

  test('thousands of tokens are verified in one period, with bounded concurrency', async () => {
    const watch = new TokenWatch(15_000);
    let [asked, running, most] = [0, 0, 0];
    const slow = async (): Promise<Principal> => {
      asked += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 200));
      running -= 1;
      return ANN;
    };
    for (let stream = 0; stream < 10_000; stream++) watch.watch(watched(slow));
    await jest.advanceTimersByTimeAsync(15_000);
    await jest.advanceTimersByTimeAsync(14_900);
    expect(asked).toBe(10_000);
    expect(most).toBe(256);
  });
});
