import { bestOf, ratios } from '../statistics.js';
import { LISTEN, OFFICIAL } from '../subjects.js';
import { comparisonRow } from './row.js';
import { sessionCalls } from './session-calls.js';

/** Calls of `app.listen` against the official SDK. */
export const ROW_2 = comparisonRow({
  name: '2',
  what: '`tools/call`, session, router by `app.listen`',
  against: 'official SDK 1.x and 2.x transports on Express, best of both',
  comparison: sessionCalls(LISTEN, ...OFFICIAL),
  judge: (results) => [
    {
      what: 'as shipped',
      found: ratios(results.of({ subject: LISTEN }), bestOf(results.ofAll(OFFICIAL.map((subject) => ({ subject }))))),
      unit: 'times',
      target: { least: 3 },
    },
  ],
});
