import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Served } from 'mcp-express';
import { serveFixture } from '../../fixture/src/serve-fixture.js';
import { fixtureServer } from '../../fixture/src/server.js';
import { runSuite } from './suite.js';

const NO_FAILURES = `${import.meta.dirname}/no-failures.yml`;

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
    const args = ['--suite', 'all', '--spec-version', revision, '--expected-failures', NO_FAILURES];
    const run = await runSuite('@modelcontextprotocol/conformance', `${served.url}/mcp`, args);
    expect(run.scenarios).toHaveLength(scenarios);
    if (run.exitCode !== 0) throw new Error(run.output);
  });

  test('the stable release, every suite', async () => {
    const run = await runSuite('conformance-stable', `${served.url}/mcp`, ['--suite', 'all']);
    expect(run.scenarios).toHaveLength(32);
    if (run.exitCode !== 0) throw new Error(run.output);
    expect(run.scenarios.filter(({ failed }) => failed > 0)).toEqual([]);
  });
});
