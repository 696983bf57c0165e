import { ratios } from '../statistics.js';
import { EXPRESS, LISTEN, LISTEN_OPEN } from '../subjects.js';
import { comparisonRow } from './row.js';
import { sessionCalls } from './session-calls.js';

/** Calls of `app.listen` against bare Express. */
export const ROW_1 = comparisonRow({
  name: '1',
  what: '`tools/call`, session, router by `app.listen`',
  against: 'a bare Express handler that reads, parses and answers the same body',
  comparison: sessionCalls(EXPRESS, LISTEN, LISTEN_OPEN),
  judge: (results) => {
    const bare = results.of({ subject: EXPRESS });
    return [
      {
        what: 'as shipped',
        found: ratios(results.of({ subject: LISTEN }), bare),
        unit: 'times',
        target: { least: 0.7 },
      },
      {
        what: 'guards off',
        found: ratios(results.of({ subject: LISTEN_OPEN }), bare),
        unit: 'times',
        target: { least: 0.9 },
      },
    ];
  },
});
