import { bestOf, ratios } from '../statistics.js';
import { LISTEN, OFFICIAL } from '../subjects.js';
import { contestRow } from './row.js';
import { sessionCalls } from './session-calls.js';

export const ROW_2 = contestRow({
  name: '2',
  what: '`tools/call`, session, router by `app.listen`',
  against: 'official SDK 1.x and 2.x transports on Express, best of both',
  contest: sessionCalls(LISTEN, ...OFFICIAL),
  judge: (standings) => [
    {
      what: 'as shipped',
      found: ratios(
        standings.of({ subject: LISTEN }),
        bestOf(standings.ofAll(OFFICIAL.map((subject) => ({ subject })))),
      ),
      unit: 'times',
      target: { least: 3 },
    },
  ],
});
