/** Tests of the verdict: every violation is found, and an excuse applies to its own case only. */
import { describe, expect, test } from '@jest/globals';
import type { Entry } from '../node/journal.js';
import type { CallRecord } from './call-record.js';
import { Ledger, type NewCall } from './ledger.js';
import { type Circumstances, judge, type Verdict } from './verdict.js';

interface Case {
  readonly begin?: Partial<NewCall>;
  readonly seen?: Partial<CallRecord>;
  /** Journal entries of the call: the event, and the process. */
  readonly ran?: readonly (readonly [Entry['event'], string])[];
  readonly circumstances?: Partial<Circumstances>;
}

const LIVES = [
  { name: 'runs', fate: 'runs' },
  { name: 'killed', fate: 'killed' },
  { name: 'drained', fate: 'drained' },
] as const;

const BEGUN = [['begun', 'runs']] as const;
const BEGUN_ON_KILLED = [['begun', 'killed']] as const;
const DONE = { kind: 'result', text: 'done c1.1' } as const;
const INTERRUPTED = { kind: 'error', text: 'gone', reason: 'call-interrupted' } as const;
const AWAY = { kind: 'error', text: 'away', reason: 'store-unavailable' } as const;
const STOPPED = { kind: 'error', text: 'stopped', reason: 'shutting-down' } as const;

function verdictOf({ begin, seen, ran = [], circumstances }: Case): Verdict {
  const ledger = new Ledger();
  const call = ledger.begin({ client: 'c1', era: 'legacy', kind: 'echo', ...begin });
  Object.assign(call, { heads: [200], ...seen });
  const entries = ran.map(([event, life]) => ({ event, life, call: call.id }));
  return judge(ledger, { lives: LIVES, entries, outages: false, alone: false, ...circumstances });
}

const STEPS = { kind: 'count', steps: 3 } as const;

describe('violations', () => {
  const cases: Record<string, Case> = {
    'no answer': { ran: BEGUN },
    'no answer, on a node that was only drained': { ran: [['begun', 'drained']] },
    'no answer where the client could come back': { ran: BEGUN_ON_KILLED, seen: { lastId: 'x' } },
    'no answer at the end of its stream, because the store was away': {
      ran: BEGUN,
      seen: { lastId: 'x' },
      circumstances: { outages: true },
    },
    'no answer in time': { ran: BEGUN_ON_KILLED, seen: { overdue: true } },
    'two answers': { ran: BEGUN, seen: { answers: [DONE, DONE] } },
    'an answer of another client': { ran: BEGUN, seen: { answers: [{ ...DONE, text: 'done c2.1' }] } },
    'run twice': { ran: [...BEGUN, ...BEGUN], seen: { answers: [DONE] } },
    'refused with 503, and ran': { ran: BEGUN_ON_KILLED, seen: { heads: [503] } },
    'refused with 502, and ran on a node that lives': { ran: BEGUN, seen: { heads: [502] } },
    'interrupted, and its node lives': { ran: BEGUN, seen: { answers: [INTERRUPTED] } },
    'failed for want of a store that was there': { ran: BEGUN, seen: { answers: [AWAY] } },
    'stopped, where other nodes are': { ran: [['begun', 'drained']], seen: { answers: [STOPPED] } },
    'an event twice': { begin: STEPS, ran: BEGUN, seen: { events: [1, 2, 2, 3], answers: [DONE] } },
    'an event missing': { begin: STEPS, ran: BEGUN, seen: { events: [1, 3], answers: [DONE] } },
    'the last event missing': { begin: STEPS, ran: BEGUN, seen: { events: [1, 2], answers: [DONE] } },
    'out of order': { begin: STEPS, ran: BEGUN, seen: { events: [2, 1, 3], answers: [DONE] } },
    'ran on after it was cancelled': { ran: BEGUN, seen: { cancelled: true } },
  };

  test.each(Object.entries(cases))('%s', (_name, given) => {
    expect(verdictOf(given).faults).not.toEqual([]);
  });

  test('something that belongs to another client', () => {
    const ledger = new Ledger();
    const call = ledger.begin({ client: 'c1', era: 'legacy', kind: 'echo' });
    ledger.ofClient('c2', call.id, 'progress');
    expect(ledger.strays).toEqual(['c2 was given progress of c1.1']);
  });
});

describe('outcomes of a call', () => {
  const cases: Record<string, Case> = {
    answered: { ran: BEGUN, seen: { answers: [DONE] } },
    'interrupted, and told': { ran: BEGUN_ON_KILLED, seen: { answers: [INTERRUPTED] } },
    'failed for want of the store, and told': {
      ran: BEGUN,
      seen: { answers: [AWAY] },
      circumstances: { outages: true },
    },
    'stopped, and told': {
      ran: [['begun', 'drained']],
      seen: { answers: [STOPPED] },
      circumstances: { alone: true },
    },
    cancelled: { ran: [...BEGUN, ['aborted', 'runs']], seen: { cancelled: true } },
    'not accepted': { seen: { heads: [502] } },
    'killed before its first byte': { ran: BEGUN_ON_KILLED, seen: { heads: ['none'] } },
    'cut with its node': { begin: { era: 'modern' }, ran: BEGUN_ON_KILLED },
  };

  test.each(Object.entries(cases))('%s', (fate, given) => {
    const { faults, fates } = verdictOf(given);
    expect([faults, [...fates]]).toEqual([[], [[fate, 1]]]);
  });

  test('a second round that is refused is not accepted, though the first one ran', () => {
    const { faults, fates } = verdictOf({ begin: { era: 'modern' }, ran: BEGUN, seen: { heads: [200, 502] } });
    expect([faults, [...fates]]).toEqual([[], [['not accepted', 1]]]);
  });
});
