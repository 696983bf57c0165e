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
    ['2026-07-28', 40],
  ])('%s, every suite', async (revision, scenarios) => {
    const args = ['--suite', 'all', '--spec-version', revision, '--expected-failures', NO_FAILURES];
    const run = await runSuite('@modelcontextprotocol/conformance', `${served.url}/mcp`, args);
    expect(run.scenarios).toHaveLength(scenarios);
    if (run.exitCode !== 0) throw new Error(run.output);
  });

  /** The scenarios of extensions belong to no revision: they run with all others when none is named. */
  test('every scenario there is, tasks and skills among them', async () => {
    const args = ['--suite', 'all', '--expected-failures', NO_FAILURES];
    const run = await runSuite('@modelcontextprotocol/conformance', `${served.url}/mcp`, args);
    expect(run.scenarios).toHaveLength(65);
    if (run.exitCode !== 0) throw new Error(run.output);
    const extensions = run.scenarios.filter(({ name }) => /^(tasks|sep-2640)-/.test(name));
    expect(extensions).toHaveLength(13);
    // The suite skips one of them always, and would skip the rest if the extensions were not declared.
    const looked = extensions.filter(({ passed }) => passed > 0).map(({ name }) => name);
    expect(looked).toHaveLength(12);
    expect(looked).not.toContain('tasks-status-notifications');
  });

  test('every scenario there is, with every answer as a stream: all 276 checks', async () => {
    const streaming = await serveFixture(fixtureServer(), { port: 0 }, { sseAfterMs: 0 });
    try {
      const args = ['--suite', 'all', '--expected-failures', NO_FAILURES];
      const run = await runSuite('@modelcontextprotocol/conformance', `${streaming.url}/mcp`, args);
      if (run.exitCode !== 0) throw new Error(run.output);
      // One check more than with JSON bodies: that several streams at a time can be read.
      expect(run.scenarios.reduce((sum, { passed }) => sum + passed, 0)).toBe(276);
    } finally {
      await streaming.close({ graceMs: 0 });
    }
  });

  test('the stable release, every suite', async () => {
    const run = await runSuite('conformance-stable', `${served.url}/mcp`, ['--suite', 'all']);
    expect(run.scenarios).toHaveLength(32);
    if (run.exitCode !== 0) throw new Error(run.output);
    expect(run.scenarios.filter(({ failed }) => failed > 0)).toEqual([]);
  });
});
