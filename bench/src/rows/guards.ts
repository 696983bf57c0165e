import { ratios } from '../statistics.js';
import { SERVE, SERVE_OPEN, SERVE_WITHOUT } from '../subjects.js';
import type { Figure, Row } from './row.js';
import { sessionCalls } from './session-calls.js';

const WITHOUT = [...SERVE_WITHOUT, SERVE_OPEN];

/** A row without a target: the processor time of each guard in a call. */
export const GUARDS_ROW: Row = {
  name: 'guards',
  what: 'what each guard costs a call, by `serve(app)`',
  against: 'the same with the guard off',
  comparison: {
    ...sessionCalls(SERVE, ...WITHOUT),
    name: 'guards',
    asks: '`tools/call` in sessions, one guard off each',
  },
  measure: (_bench, results) => {
    if (results === undefined) throw new Error('the comparison was not run');
    const cost = results.of({ subject: SERVE }, ({ cpuMicrosecondsPerCall }) => cpuMicrosecondsPerCall);
    const figures = WITHOUT.map(
      (subject): Figure => ({
        what: `${subject.title}: processor time of a call that it saves`,
        values: ratios(
          results.of({ subject }, ({ cpuMicrosecondsPerCall }) => cpuMicrosecondsPerCall),
          cost,
        ).map((ratio) => (1 - ratio) * 100),
        unit: 'percent',
      }),
    );
    return { verdicts: [], figures };
  },
};
