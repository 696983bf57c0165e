import { ratios } from '../statistics.js';
import { SDK_V2_HANDLER, SERVE, SERVE_OPEN } from '../subjects.js';
import { comparisonRow } from './row.js';

/** Stateless calls against `createMcpHandler` of the official SDK. */
export const ROW_5 = comparisonRow({
  name: '5',
  what: '`tools/call` of 2026-07-28 by `serve(app)`',
  against: 'official `createMcpHandler` on Express',
  comparison: {
    name: 'modern-calls',
    asks: '`tools/call` that stands alone (2026-07-28), 20 tools',
    workload: { kind: 'calls', era: 'modern' },
    entrants: [{ subject: SERVE }, { subject: SERVE_OPEN }, { subject: SDK_V2_HANDLER }],
  },
  judge: (results) => [
    {
      what: 'as shipped',
      found: ratios(results.of({ subject: SERVE }), results.of({ subject: SDK_V2_HANDLER })),
      unit: 'times',
      target: { least: 15 },
    },
  ],
});
