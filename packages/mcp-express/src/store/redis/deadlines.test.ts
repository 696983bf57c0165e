import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Deadlines } from './deadlines.js';

const TIMEOUT_MS = 1_000;
const REDIS = { fault: undefined };

beforeEach(async () => {
  jest.useFakeTimers();
  // Clocks begin at 0, which no clock of a process shows.
  await jest.advanceTimersByTimeAsync(10);
});

afterEach(() => {
  jest.useRealTimers();
});

/** A command that is answered after so long, and what its sender is given. */
function command(deadlines: Deadlines, afterMs: number): Promise<string> {
  const answer = new Promise<string>((resolve) => setTimeout(resolve, afterMs, 'answered'));
  return deadlines.limit(answer, REDIS).catch((cause: Error) => cause.message);
}

const LATE = `Redis did not answer within ${TIMEOUT_MS} ms`;

test('a Redis that answered too late once is not away for the commands that follow (R35, invariant 9)', async () => {
  const deadlines = new Deadlines(TIMEOUT_MS);
  const late = command(deadlines, 1_500);
  await jest.advanceTimersByTimeAsync(1_600);
  expect(await late).toBe(LATE);
  const next = command(deadlines, 600);
  await jest.advanceTimersByTimeAsync(700);
  expect(await next).toBe('answered');
  deadlines.close();
});

test('while nothing is answered, commands that follow are refused soon', async () => {
  const deadlines = new Deadlines(TIMEOUT_MS);
  const first = command(deadlines, 10_000);
  await jest.advanceTimersByTimeAsync(1_200);
  expect(await first).toBe(LATE);
  const next = command(deadlines, 10_000);
  await jest.advanceTimersByTimeAsync(400);
  expect(await next).toBe(LATE);
  deadlines.close();
});
