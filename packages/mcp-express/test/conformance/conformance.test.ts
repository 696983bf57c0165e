import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Served } from 'mcp-express';
import { serveFixture } from '../../fixture/src/serve-fixture.js';
import { fixtureServer } from '../../fixture/src/server.js';
import { runSuite } from './suite.js';

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
    const run = await runSuite(`${served.url}/mcp`, ['--suite', 'all', '--spec-version', revision]);
    expect(run.scenarios).toHaveLength(scenarios);
    expect(run.warnings).toEqual([]);
    if (run.exitCode !== 0) throw new Error(run.output);
  });
});
