import { describe, expect, test } from '@jest/globals';
import { FloatApiError, type FloatErrorCode } from './errors.js';
import { DEFAULT_RETRY, retryDelay } from './retry.js';

const policy = { ...DEFAULT_RETRY, attempts: 4, baseMs: 100, capMs: 300, maxWaitMs: 10_000, random: () => 0.5 };
const failure = (code: FloatErrorCode, parts: { status?: number; waitMs?: number } = {}) =>
  new FloatApiError(code, { endpoint: 'GET /people', ...parts });

describe('retryDelay', () => {
  test.each([
    ['a read after a 429', false, failure('rate-limited', { status: 429 }), 50],
    ['a read after a 500', false, failure('unavailable', { status: 500 }), 50],
    ['a read after a 504', false, failure('unavailable', { status: 504 }), 50],
    ['a read without any answer', false, failure('unavailable'), 50],
    ['a write after a 429: it was not done', true, failure('rate-limited', { status: 429 }), 50],
    ['a write after a 500: it may have been done', true, failure('unavailable', { status: 500 }), undefined],
    ['a write without any answer', true, failure('unavailable'), undefined],
    ['a write after a timeout', true, failure('timeout'), undefined],
    ['a read after a timeout', false, failure('timeout'), 50],
    ['a read after a 507', false, failure('unavailable', { status: 507 }), undefined],
    ['a read that was refused', false, failure('invalid', { status: 422 }), undefined],
    ['a cancelled read', false, failure('aborted'), undefined],
  ])('%s', (_case, write, error, expected) => {
    expect(retryDelay(policy, { attempt: 1, write, error })).toBe(expected);
  });

  test('a read that was too late twice is not tried a third time', () => {
    expect(retryDelay(policy, { attempt: 2, write: false, error: failure('timeout') })).toBeUndefined();
  });

  test('the wait is drawn from a range that doubles up to its cap', () => {
    const error = failure('unavailable', { status: 503 });
    const waits = [1, 2, 3].map((attempt) => retryDelay(policy, { attempt, write: false, error }));
    expect(waits).toEqual([50, 100, 150]);
  });

  test('stops after the last attempt', () => {
    expect(retryDelay(policy, { attempt: 4, write: false, error: failure('unavailable') })).toBeUndefined();
  });

  test("Float's own wait is kept, with jitter on top", () => {
    const error = failure('rate-limited', { status: 429, waitMs: 2_000 });
    expect(retryDelay(policy, { attempt: 1, write: true, error })).toBe(2_050);
  });

  test('a wait that is longer than anyone waits is an error at once', () => {
    const error = failure('rate-limited', { status: 429, waitMs: 3_600_000 });
    expect(retryDelay(policy, { attempt: 1, write: false, error })).toBeUndefined();
  });
});
