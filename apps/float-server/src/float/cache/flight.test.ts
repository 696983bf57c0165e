import { describe, expect, test } from '@jest/globals';
import { Flight } from './flight.js';

/** Work that ends when it is told to, or when it is given up. */
function work() {
  let finish: (value: string) => void = () => {};
  let given: AbortSignal | undefined;
  const flight = new Flight<string>((signal) => {
    given = signal;
    return new Promise((resolve, reject) => {
      finish = resolve;
      signal.addEventListener('abort', () => reject(new Error('given up')));
    });
  });
  return { flight, finish: () => finish('done'), isGivenUp: () => given?.aborted };
}

describe('one piece of work for several', () => {
  test('all get its result', async () => {
    const { flight, finish } = work();
    const both = Promise.all([flight.join(undefined), flight.join(new AbortController().signal)]);
    finish();
    await expect(both).resolves.toEqual(['done', 'done']);
  });

  test('one may leave; the other goes on', async () => {
    const { flight, finish, isGivenUp } = work();
    const leaving = new AbortController();
    const [first, second] = [flight.join(leaving.signal), flight.join(undefined)];
    leaving.abort(new Error('no longer wanted'));
    await expect(first).rejects.toThrow('no longer wanted');
    expect(isGivenUp()).toBe(false);
    finish();
    await expect(second).resolves.toBe('done');
  });

  test('it is given up when the last one leaves, and nobody joins it any more', async () => {
    const { flight, isGivenUp } = work();
    const leaving = new AbortController();
    const only = flight.join(leaving.signal);
    leaving.abort(new Error('no longer wanted'));
    await expect(only).rejects.toThrow('no longer wanted');
    expect(isGivenUp()).toBe(true);
    expect(flight.abandoned).toBe(true);
  });

  test('a signal that has fired already does not wait', async () => {
    await expect(work().flight.join(AbortSignal.abort(new Error('early')))).rejects.toThrow('early');
  });
});
