import assert from 'node:assert/strict';
import { describe, test } from '@jest/globals';
import { type Comparison, ComparisonResults, merged } from '../src/comparison/comparison.js';
import type { Measured } from '../src/comparison/contender.js';
import { EXTENTS } from '../src/extent.js';
import { chart } from '../src/report/chart.js';
import { withMeasured } from '../src/report/document.js';
import { report } from '../src/report/report.js';
import { ROW_1 } from '../src/rows/row-01.js';
import { ROW_3 } from '../src/rows/row-03.js';
import { sessionCalls } from '../src/rows/session-calls.js';
import { EXPRESS, LISTEN, NODE_HTTP, SERVE } from '../src/subjects.js';

function measured(rate: number): Measured {
  return {
    rate,
    calls: rate,
    seconds: 1,
    p50Ms: 1,
    p95Ms: 2,
    p99Ms: 3,
    faults: 0,
    firstFault: undefined,
    cpuMicrosecondsPerCall: 1e6 / rate,
    serverShare: 1,
    busyShare: 0.5,
  };
}

function resultsOf(comparison: Comparison, rates: readonly (readonly number[] | string)[]): ComparisonResults {
  return new ComparisonResults(
    comparison,
    comparison.entrants.map((entrant, index) => {
      const found = rates[index]!;
      return typeof found === 'string'
        ? { entrant, rounds: [], answer: '', failure: found }
        : { entrant, rounds: found.map(measured), answer: 'JSON, 141 bytes', failure: undefined };
    }),
  );
}

describe('the report', () => {
  const results = resultsOf(ROW_1.comparison!, [
    [1_000, 2_000, 1_000],
    [800, 1_200, 600],
    [800, 1_800, 950],
  ]);

  test('a verdict is the median of the ratios of the rounds', async () => {
    const finding = await ROW_1.measure(undefined as never, results);
    const text = report(
      { outcomes: [{ row: ROW_1, finding, failure: undefined }], results: [results] },
      EXTENTS.full,
      [],
    );
    const verdicts = text.split('\n').filter((line) => line.startsWith('| 1 '));
    assert.equal(verdicts.length, 2);
    assert.match(verdicts[0]!, /≥ 0\.70 × +\| 0\.60 × \(0\.60 – 0\.80\) +\| \*\*no\*\*/);
    assert.match(verdicts[1]!, /≥ 0\.90 × +\| 0\.90 × \(0\.80 – 0\.95\) +\| yes/);
  });

  test('a failed server decides nothing, and the report names the reason', () => {
    const failed = resultsOf(sessionCalls(EXPRESS, LISTEN), [[1_000], 'it answered nonsense']);
    assert.throws(() => ROW_1.measure(undefined as never, failed), /router-listen failed: it answered nonsense/);
    const row = { row: ROW_1, finding: undefined, failure: 'router-listen failed' };
    const text = report({ outcomes: [row], results: [failed] }, EXTENTS.quick, []);
    assert.match(text, /\*\*not measured\*\*: router-listen failed/);
    assert.match(text, /\*\*router-listen failed\*\*: it answered nonsense/);
    assert.match(text, /the figures are rough/);
  });

  test('the chart shows every server that was measured, the fastest with the longest bar', () => {
    const svg = chart({ outcomes: [], results: [results] });
    const widths = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) => Number(width));
    assert.equal(widths.length, 3);
    assert.deepEqual(
      widths,
      [...widths].sort((a, b) => b - a),
    );
    assert.doesNotMatch(svg, /[`*]/);
  });

  test('rows that ask the same are one comparison', () => {
    const [comparison, ...others] = merged([
      ROW_1.comparison!,
      ROW_3.comparison!,
      sessionCalls(SERVE, NODE_HTTP, EXPRESS),
    ]);
    assert.equal(others.length, 0);
    assert.equal(comparison?.entrants.length, 6);
  });

  test('the text around the figures stays', () => {
    const begin = '<!-- measured: written by `npm run bench`, not by hand -->';
    const end = '<!-- end of what was measured -->';
    const page = withMeasured(`# Title\n\n${begin}\nold\n${end}\n\nBy hand.\n`, 'new\n', 'npm run bench');
    assert.equal(page, `# Title\n\n${begin}\n\nnew\n\n${end}\n\nBy hand.\n`);
    assert.throws(() => withMeasured('# Title', 'new', 'npm run bench'), /has no lines/);
  });
});
