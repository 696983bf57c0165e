import { bestOf, ratios } from '../statistics.js';
import { OFFICIAL, SERVE } from '../subjects.js';
import { contestRow } from './row.js';
import { sessionCalls } from './session-calls.js';

export const ROW_4 = contestRow({
  name: '4',
  what: '`tools/call`, session, by `serve(app)`',
  against: 'official SDK as its docs mount it, the best of its rows',
  contest: sessionCalls(SERVE, ...OFFICIAL),
  judge: (standings) => [
    {
      what: 'as shipped',
      found: ratios(
        standings.of({ subject: SERVE }),
        bestOf(standings.ofAll(OFFICIAL.map((subject) => ({ subject })))),
      ),
      unit: 'times',
      target: { least: 8 },
    },
  ],
});
