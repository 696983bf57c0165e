import { bestOf, ratios } from '../statistics.js';
import { SDK_V2, SDK_V2_SSE, SERVE } from '../subjects.js';
import { MOST_TOOLS } from '../tools.js';
import { comparisonRow } from './row.js';

const OURS = { subject: SERVE, tools: MOST_TOOLS };
const THEIRS = [SDK_V2, SDK_V2_SSE].map((subject) => ({ subject, tools: MOST_TOOLS }));

/** Lists of many tools against the official SDK. */
export const ROW_7 = comparisonRow({
  name: '7',
  what: `\`tools/list\`, ${MOST_TOOLS} tools`,
  against: 'official SDK 2.x',
  comparison: {
    name: 'lists',
    asks: `\`tools/list\` of ${MOST_TOOLS} tools`,
    workload: { kind: 'lists', era: 'sessions' },
    entrants: [OURS, ...THEIRS],
  },
  judge: (results) => [
    {
      what: 'by `serve`',
      found: ratios(results.of(OURS), bestOf(results.ofAll(THEIRS))),
      unit: 'times',
      target: { least: 50 },
    },
  ],
});
