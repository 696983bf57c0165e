import { expect, test } from '@jest/globals';
import { Client, WITH_TASKS } from '../modern/alone.js';
import { FixtureProcess } from '../support/program.js';
import { openSession } from '../support/session.js';

test.each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
] as const)('the fixture that drains after %s ends at once after %s (R38)', async (first, second) => {
  const fixture = await FixtureProcess.start();
  const listening = await (await openSession(fixture.url)).listen();
  await new Client(fixture.url, { capabilities: WITH_TASKS }).call('slow_compute', { seconds: 60 });
  const ended = fixture.end(first);
  await listening.untilClosed();
  expect(fixture.isAlive).toBe(true);
  const [code] = await Promise.all([ended, fixture.end(second)]);
  // One that had drained would end with 0.
  expect(code).toBe(1);
});
