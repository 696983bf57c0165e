import { describe, expect, test } from '@jest/globals';
import { SharedRequest } from './shared-request.js';

/** A request that ends on demand or when it is aborted. */
function work() {
  let finish: (value: string) => void = () => {};
  let given: AbortSignal | undefined;
  const flight = new SharedRequest<string>((signal) => {
    given = signal;
    return new Promise((resolve, reject) => {
      finish = resolve;
      signal.addEventListener('abort', () => reject(new Error('given up')));
    });
  });
  return { flight, finish: () => finish('done'), isGivenUp: () => given?.aborted };
}

describe('a request with several callers', () => {
  test('all get its result', async () => {
    const { flight, finish } = work();
    const both = Promise.all([flight.join(undefined), flight.join(new AbortController().signal)]);
    finish();
    await expect(both).resolves.toEqual(['done', 'done']);
  });

  test('one caller may leave while the other keeps waiting', async () => {
    const { flight, finish, isGivenUp } = work();
    const leaving = new AbortController();
    const [first, second] = [flight.join(leaving.signal), flight.join(undefined)];
    leaving.abort(new Error('no longer wanted'));
    await expect(first).rejects.toThrow('no longer wanted');
    expect(isGivenUp()).toBe(false);
    finish();
    await expect(second).resolves.toBe('done');
  });

  test('it is aborted when the last caller leaves, and cannot be joined afterwards', async () => {
    const { flight, isGivenUp } = work();
    const leaving = new AbortController();
    const only = flight.join(leaving.signal);
    leaving.abort(new Error('no longer wanted'));
    await expect(only).rejects.toThrow('no longer wanted');
    expect(isGivenUp()).toBe(true);
    expect(flight.abandoned).toBe(true);
  });

  test('an aborted signal rejects at once', async () => {
    await expect(work().flight.join(AbortSignal.abort(new Error('early')))).rejects.toThrow('early');
  });
});
