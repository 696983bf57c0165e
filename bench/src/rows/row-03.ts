import { ratios } from '../statistics.js';
import { NODE_HTTP, SERVE, SERVE_OPEN } from '../subjects.js';
import { contestRow } from './row.js';
import { sessionCalls } from './session-calls.js';

export const ROW_3 = contestRow({
  name: '3',
  what: '`tools/call`, session, by `serve(app)`',
  against: 'bare `node:http` doing the same',
  contest: sessionCalls(NODE_HTTP, SERVE, SERVE_OPEN),
  judge: (standings) => {
    const bare = standings.of({ subject: NODE_HTTP });
    return [
      {
        what: 'as shipped',
        found: ratios(standings.of({ subject: SERVE }), bare),
        unit: 'times',
        target: { least: 0.5 },
      },
      {
        what: 'guards off',
        found: ratios(standings.of({ subject: SERVE_OPEN }), bare),
        unit: 'times',
        target: { least: 0.65 },
      },
    ];
  },
});
