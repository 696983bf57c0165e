import type { Comparison } from '../comparison/comparison.js';
import type { Subject } from '../subjects.js';

/** `tools/call` to each of the 20 tools in turn, in a session of its own for each connection. */
export function sessionCalls(...subjects: readonly Subject[]): Comparison {
  return {
    name: 'session-calls',
    asks: '`tools/call` in sessions (2025-11-25), 20 tools',
    workload: { kind: 'calls', era: 'sessions' },
    entrants: subjects.map((subject) => ({ subject })),
  };
}
