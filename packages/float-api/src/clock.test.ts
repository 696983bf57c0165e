import { describe, expect, test } from '@jest/globals';
import { systemClock } from './clock.js';

describe('systemClock', () => {
  test('sleeps and goes on', async () => {
    const before = systemClock.now();
    await systemClock.sleep(1);
    expect(systemClock.now()).toBeGreaterThan(before);
  });

  test('is woken by its signal, with the reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const sleeping = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(systemClock.sleep(60_000, controller.signal)).rejects.toBe(reason);
  });
});
