/** Tests of the verdict: every violation is found, and an excuse applies to its own case only. */
import { describe, expect, test } from '@jest/globals';
import { randomSteps, readSchedule, textOf } from '../faults/schedule.js';
import type { Entry } from '../node/journal.js';
import { Random } from '../random.js';
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
/** The time of the call, and times of an outage: during the call, or long before. */
const TIME = { from: 100_000, to: 101_000 };
const AWAY_THEN = { what: 'store away', from: 99_000, to: 100_500 } as const;
const AWAY_BEFORE = { what: 'store away', from: 10_000, to: 20_000 } as const;
const CUT_OFF = { what: 'node cut off', node: 'runs', from: 99_000, to: 103_000 } as const;
const CUT_OFF_ELSEWHERE = { ...CUT_OFF, node: 'drained' } as const;

const DONE = { kind: 'result', text: 'done c1.1' } as const;
const INTERRUPTED = { kind: 'error', text: 'gone', reason: 'call-interrupted' } as const;
const AWAY = { kind: 'error', text: 'away', reason: 'store-unavailable' } as const;
const STOPPED = { kind: 'error', text: 'stopped', reason: 'shutting-down' } as const;

function verdictOf({ begin, seen, ran = [], circumstances }: Case): Verdict {
  const ledger = new Ledger();
  const call = ledger.begin({ client: 'c1', era: 'legacy', kind: 'echo', ...begin });
  Object.assign(call, { heads: [200], ...TIME, ...seen });
  const entries = ran.map(([event, life]) => ({ event, life, call: call.id, at: 0 }));
  return judge(ledger, { lives: LIVES, entries, disturbances: [], alone: false, ...circumstances });
}

const STEPS = { kind: 'count', steps: 3 } as const;

describe('violations', () => {
  const cases: Record<string, Case> = {
    'no answer': { ran: BEGUN },
    'no answer, on a node that was only drained': { ran: [['begun', 'drained']] },
    'no answer although the client could resume': { ran: BEGUN_ON_KILLED, seen: { lastId: 'x' } },
    'no answer at the end of its stream, because the store was away': {
      ran: BEGUN,
      seen: { lastId: 'x' },
      circumstances: { disturbances: [AWAY_THEN] },
    },
    'no answer in time': { ran: BEGUN_ON_KILLED, seen: { overdue: true } },
    'a store failure long after the outage': {
      ran: BEGUN,
      seen: { answers: [AWAY] },
      circumstances: { disturbances: [AWAY_BEFORE] },
    },
    'interrupted while another node was cut off': {
      ran: BEGUN,
      seen: { answers: [INTERRUPTED] },
      circumstances: { disturbances: [CUT_OFF_ELSEWHERE] },
    },
    'a result, and call-interrupted for a later reader': {
      ran: BEGUN_ON_KILLED,
      seen: { answers: [DONE], rereads: [INTERRUPTED] },
    },
    'call-interrupted, and a result for a later reader': {
      ran: BEGUN,
      seen: { answers: [INTERRUPTED], rereads: [DONE], answeredWithoutStore: true },
      circumstances: { disturbances: [CUT_OFF] },
    },
    'a result of a node that was not cut off, and call-interrupted for a later reader': {
      ran: BEGUN,
      seen: { answers: [DONE], rereads: [INTERRUPTED], answeredWithoutStore: true },
    },
    'an acknowledged cancellation without effect': {
      begin: { kind: 'wait' },
      ran: [...BEGUN, ['ended', 'runs']],
      seen: { cancelled: true, acknowledged: ['cancellation'] },
    },
    'an acknowledged elicitation response without effect': {
      begin: { kind: 'ask' },
      ran: BEGUN,
      seen: { answers: [AWAY], acknowledged: ['answer to a question'] },
      circumstances: { disturbances: [AWAY_THEN] },
    },
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
    'interrupted, with an error, by its node’s being cut off': {
      ran: BEGUN,
      seen: { answers: [INTERRUPTED] },
      circumstances: { disturbances: [CUT_OFF] },
    },
    'interrupted, with an error': { ran: BEGUN_ON_KILLED, seen: { answers: [INTERRUPTED] } },
    'failed without the store, with an error': {
      ran: BEGUN,
      seen: { answers: [AWAY] },
      circumstances: { disturbances: [AWAY_THEN] },
    },
    'stopped, with an error': {
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
    expect([faults, [...fates]]).toEqual([[], [[fate.replace(/, by its node.*/, ''), 1]]]);
  });

  test('the allowed case of two answers: a result while its node was cut off, and call-interrupted for a later reader', () => {
    const seen = { answers: [DONE], rereads: [INTERRUPTED], answeredWithoutStore: true };
    const { faults, allowedContradictions } = verdictOf({
      ran: BEGUN,
      seen,
      circumstances: { disturbances: [CUT_OFF] },
    });
    expect([faults, allowedContradictions]).toEqual([[], 1]);
  });

  test('a second round that is refused is not accepted, though the first one ran', () => {
    const { faults, fates } = verdictOf({ begin: { era: 'modern' }, ran: BEGUN, seen: { heads: [200, 502] } });
    expect([faults, [...fates]]).toEqual([[], [['not accepted', 1]]]);
  });
});

describe('the faults of a run', () => {
  const first = (seed: number, longestMs = Number.POSITIVE_INFINITY) => {
    const steps = randomSteps('store', { nodes: 3, longestMs, random: new Random(seed) });
    return Array.from({ length: 40 }, () => steps.next().value);
  };

  test('depend on the seed only, and can be parsed from their text', () => {
    expect(first(7)).toEqual(first(7));
    expect(first(7)).not.toEqual(first(8));
    expect(readSchedule(textOf(first(7)))).toEqual(first(7));
    expect(() => readSchedule('300 explode 1 2')).toThrow('"300 explode 1 2" is not a step');
  });

  test('include every kind before one is repeated, and respect the longest duration', () => {
    const kinds = new Set(first(7).map(({ fault }) => fault));
    expect(
      new Set(
        first(7)
          .slice(0, kinds.size)
          .map(({ fault }) => fault),
      ),
    ).toEqual(kinds);
    expect(Math.max(...first(7, 500).map(({ ms }) => ms))).toBeLessThanOrEqual(500);
  });
});
