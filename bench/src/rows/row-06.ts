import { ratios } from '../statistics.js';
import { SERVE } from '../subjects.js';
import { MOST_TOOLS } from '../tools.js';
import { comparisonRow } from './row.js';

const ONE = { subject: SERVE, tools: 1 };
const HUNDRED = { subject: SERVE, tools: MOST_TOOLS };

/** Calls to a server with many tools against one with a single tool. */
export const ROW_6 = comparisonRow({
  name: '6',
  what: `throughput with ${MOST_TOOLS} tools`,
  against: 'with 1 tool',
  comparison: {
    name: 'one-tool-called',
    asks: '`tools/call` to one tool, which has others beside it or not',
    workload: { kind: 'first-tool', era: 'sessions' },
    entrants: [ONE, HUNDRED],
  },
  judge: (results) => [
    {
      what: 'drop',
      found: ratios(results.of(HUNDRED), results.of(ONE)).map((ratio) => (1 - ratio) * 100),
      unit: 'percent',
      target: { most: 5 },
    },
  ],
});
