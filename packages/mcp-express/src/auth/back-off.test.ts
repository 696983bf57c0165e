import { expect, test } from '@jest/globals';
import { BackOff } from './back-off.js';

test('the pause doubles with each failure, up to half a minute', async () => {
  let time = 0;
  let tried = 0;
  const backOff = new BackOff(() => time, 1000);
  const fail = (): Promise<never> =>
    backOff.run(async () => {
      tried += 1;
      throw new Error('down');
    });
  for (const wait of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    const before = tried;
    await expect(fail()).rejects.toThrow('down');
    time += wait - 1;
    await expect(fail()).rejects.toThrow('No retry so soon');
    expect(tried).toBe(before + 1);
    time += 1;
  }
  expect(await backOff.run(async () => 'up')).toBe('up');
  await expect(fail()).rejects.toThrow('down');
  time += 1000;
  await expect(fail()).rejects.toThrow('down');
});

test('the success of an intermediate step does not reset the pause', async () => {
  let time = 0;
  const backOff = new BackOff(() => time, 1000);
  for (const wait of [1000, 2000, 4000]) {
    await backOff.run(async () => 'found', false);
    await expect(backOff.run(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    time += wait - 1;
    await expect(backOff.run(async () => 'found', false)).rejects.toThrow('No retry so soon');
    time += 1;
  }
});
