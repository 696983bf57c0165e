import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Awake } from '../src/comparison/awake.js';

describe('a load that does not sleep', () => {
  test('counts the time in which nothing was done', async () => {
    const awake = new Awake(() => 0);
    const beganAt = performance.now();
    awake.begin();
    for (let turns = 0; turns < 100; turns += 1) await turn();
    const restMs = awake.end();
    expect(restMs).toBeGreaterThan(0);
    expect(restMs).toBeLessThanOrEqual(performance.now() - beganAt);
  });

  test('counts no turn in which something was done', async () => {
    let done = 0;
    const awake = new Awake(() => {
      done += 1;
      return done;
    });
    awake.begin();
    for (let turns = 0; turns < 100; turns += 1) await turn();
    expect(awake.end()).toBe(0);
  });

  test('may sleep again once it is over', async () => {
    let asked = 0;
    const awake = new Awake(() => asked++);
    awake.begin();
    awake.end();
    const before = asked;
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(asked).toBe(before);
  });
});
