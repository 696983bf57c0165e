import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Deadlines } from './deadlines.js';

const TIMEOUT_MS = 1_000;
const REDIS = { fault: undefined };

beforeEach(async () => {
  jest.useFakeTimers();
  // Fake clocks begin at 0, which `Deadlines` takes for "no command is unanswered".
  await jest.advanceTimersByTimeAsync(10);
});

afterEach(() => {
  jest.useRealTimers();
});

/** Sends a command that is answered after `afterMs`. @returns the answer, or the message of the rejection. */
function command(deadlines: Deadlines, afterMs: number): Promise<string> {
  const answer = new Promise<string>((resolve) => setTimeout(resolve, afterMs, 'answered'));
  return deadlines.limit(answer, REDIS).catch((cause: Error) => cause.message);
}

const LATE = `Redis did not answer within ${TIMEOUT_MS} ms`;

test('after one late answer, the next commands have the whole timeout again (R35, invariant 9)', async () => {
  const deadlines = new Deadlines(TIMEOUT_MS);
  const late = command(deadlines, 1_500);
  await jest.advanceTimersByTimeAsync(1_600);
  expect(await late).toBe(LATE);
  const next = command(deadlines, 600);
  await jest.advanceTimersByTimeAsync(700);
  expect(await next).toBe('answered');
  deadlines.close();
});

test('while Redis does not answer, further commands are refused early', async () => {
  const deadlines = new Deadlines(TIMEOUT_MS);
  const first = command(deadlines, 10_000);
  await jest.advanceTimersByTimeAsync(1_200);
  expect(await first).toBe(LATE);
  const next = command(deadlines, 10_000);
  await jest.advanceTimersByTimeAsync(400);
  expect(await next).toBe(LATE);
  deadlines.close();
});
