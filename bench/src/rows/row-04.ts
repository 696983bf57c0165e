import { bestOf, ratios } from '../statistics.js';
import { OFFICIAL, SERVE } from '../subjects.js';
import { comparisonRow } from './row.js';
import { sessionCalls } from './session-calls.js';

/** Calls of `serve` against the official SDK. */
export const ROW_4 = comparisonRow({
  name: '4',
  what: '`tools/call`, session, by `serve(app)`',
  against: 'official SDK as its docs mount it, the best of its rows',
  comparison: sessionCalls(SERVE, ...OFFICIAL),
  judge: (results) => [
    {
      what: 'as shipped',
      found: ratios(results.of({ subject: SERVE }), bestOf(results.ofAll(OFFICIAL.map((subject) => ({ subject }))))),
      unit: 'times',
      target: { least: 8 },
    },
  ],
});
