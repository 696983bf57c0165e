import { ratios } from '../statistics.js';
import { NODE_HTTP, SERVE, SERVE_OPEN } from '../subjects.js';
import { comparisonRow } from './row.js';
import { sessionCalls } from './session-calls.js';

/** Calls of `serve` against bare `node:http`. */
export const ROW_3 = comparisonRow({
  name: '3',
  what: '`tools/call`, session, by `serve(app)`',
  against: 'bare `node:http` doing the same',
  comparison: sessionCalls(NODE_HTTP, SERVE, SERVE_OPEN),
  judge: (results) => {
    const bare = results.of({ subject: NODE_HTTP });
    return [
      {
        what: 'as shipped',
        found: ratios(results.of({ subject: SERVE }), bare),
        unit: 'times',
        target: { least: 0.5 },
      },
      {
        what: 'guards off',
        found: ratios(results.of({ subject: SERVE_OPEN }), bare),
        unit: 'times',
        target: { least: 0.65 },
      },
    ];
  },
});
