import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Served } from 'mcp-express';
import { serveFixture } from '../../fixture/src/serve-fixture.js';
import { fixtureServer } from '../../fixture/src/server.js';
import { runSuite } from './suite.js';

const EXPECTED_FAILURES = `${import.meta.dirname}/expected-failures.yml`;

describe('the official conformance suite', () => {
  let served: Served;

  beforeAll(async () => {
    served = await serveFixture(fixtureServer(), { port: 0 });
  });

  afterAll(() => served.close({ graceMs: 0 }));

  /** Scenarios per revision, as the pinned suite has them: fewer would mean that a run was cut short. */
  test.each([
    ['2025-03-26', 1],
    ['2025-06-18', 27],
    ['2025-11-25', 33],
  ])('%s, every suite', async (revision, scenarios) => {
    const baseline = revision === '2025-03-26' ? [] : ['--expected-failures', EXPECTED_FAILURES];
    const run = await runSuite(`${served.url}/mcp`, ['--suite', 'all', '--spec-version', revision, ...baseline]);
    expect(run.scenarios).toHaveLength(scenarios);
    if (run.exitCode !== 0) throw new Error(run.output);
  });
});
