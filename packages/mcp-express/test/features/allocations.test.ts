import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const COUNTER = resolve(import.meta.dirname, '../../fixture/dist/count-allocations.js');

/** A young generation that holds all that is counted, so that nothing is collected in between. */
const UNCOLLECTED = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];

/** What a `tools/call` of a session may allocate, guards on, beside what Node's server does for the same exchange. Bytes. */
const BUDGET = 14 * 1024;

test('a tools/call allocates no more than its budget: counted, not timed', async () => {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, [...UNCOLLECTED, COUNTER], { env });
  const { ours, node } = JSON.parse(stdout) as { ours: number; node: number };
  expect(node).toBeGreaterThan(1024);
  expect(ours).toBeGreaterThan(node);
  expect(ours - node).toBeLessThan(BUDGET);
});
