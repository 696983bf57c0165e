import type { Disturbance } from '../cluster/disturbances.js';
import type { Life } from '../cluster/node.js';
import type { Entry } from '../node/journal.js';
import { lengthOf, overlap, type Span } from '../span.js';
import type { Answer, CallRecord } from './call-record.js';
import type { Ledger } from './ledger.js';

/** Faults of the service, which excuse the corresponding failures of calls. */
export interface Circumstances {
  readonly lives: readonly Life[];
  readonly entries: readonly Entry[];
  /** When the store was away, and nodes were cut off or did not run. */
  readonly disturbances: readonly Disturbance[];
  /** One node only: when it stops, no other node receives the answers and cancellations that its calls wait for. */
  readonly alone: boolean;
}

/** The outcome of a call. */
export type Fate =
  | 'answered'
  /** Its node was killed, which its single answer reports. */
  | 'interrupted, with an error'
  /** The store was unavailable, which its single answer reports. */
  | 'failed without the store, with an error'
  /** The only node stopped before the call was complete, which its single answer reports. */
  | 'stopped, with an error'
  | 'cancelled'
  /** Refused, or the connection broke before a response head, and the journals show that it never ran. */
  | 'not accepted'
  /** As above, but it ran on a node that was killed before its client had an event id to resume from. */
  | 'killed before its first byte'
  /** Streams of 2026-07-28 cannot be resumed: they end with their connection, which ended with the node. */
  | 'cut with its node';

/** A violation of the guarantees, and the period of its call where it has one. */
export interface Fault {
  readonly text: string;
  readonly span?: Span;
}

/** The evaluation of a run. */
export interface Verdict {
  readonly fates: ReadonlyMap<Fate, number>;
  readonly events: number;
  /**
   * Calls that were answered while their node could not reach the store, and for which a later reader got `call-interrupted`: the
   * only case of two answers that the states of an answer allow (docs/architecture.md).
   */
  readonly allowedContradictions: number;
  /** All violations. */
  readonly faults: readonly Fault[];
}

/** After a disturbance, connections and leases are restored within this time. Milliseconds. */
const RECOVERY_MS = 6_000;

/** Shorter disturbances cannot expire a lease, which has two thirds of its time left when its renewal fails. Milliseconds. */
const MISSED_MS = 1_000;

/** Evaluates all calls of a run. */
export function judge(ledger: Ledger, circumstances: Circumstances): Verdict {
  const faults: Fault[] = ledger.strays.map((text) => ({ text }));
  const fates = new Map<Fate, number>();
  const runs = new Map<string, Entry[]>();
  for (const entry of circumstances.entries) {
    const entries = runs.get(entry.call);
    if (entries === undefined) runs.set(entry.call, [entry]);
    else entries.push(entry);
  }
  let events = 0;
  let allowedContradictions = 0;
  for (const call of ledger.calls.values()) {
    events += call.events.length;
    const run = new Run(call, runs.get(call.id) ?? [], circumstances);
    const fate = run.fate();
    const found = [...run.faults(), ...(typeof fate === 'object' ? [fate.fault] : [])];
    const what = `${call.id} (${call.era} ${call.kind})`;
    const span = { from: call.from, to: call.to };
    faults.push(...found.map((text) => ({ text: `${what}: ${text}; ${run.story}`, span })));
    if (typeof fate !== 'object') fates.set(fate, (fates.get(fate) ?? 0) + 1);
    if (run.isAllowedContradiction) allowedContradictions += 1;
  }
  return { fates, events, allowedContradictions, faults };
}

/** One call by the record of its client and the journals of the nodes. */
class Run {
  readonly #begun: readonly Entry[];

  constructor(
    private readonly call: CallRecord,
    private readonly entries: readonly Entry[],
    private readonly circumstances: Circumstances,
  ) {
    this.#begun = entries.filter(({ event }) => event === 'begun');
  }

  /** Checks that apply regardless of the outcome. */
  faults(): string[] {
    const { answers, events, steps, answeredWithoutStore } = this.call;
    const faults: string[] = [];
    if (this.#begun.length > 1) faults.push(`it ran ${this.#begun.length} times`);
    // Clients of SDK 1.x resume after an error without an event id, and receive it again.
    if (answers.length > 1 && !answeredWithoutStore) faults.push(`it was answered ${answers.length} times`);
    if (this.#otherAnswers.length > 0 && !this.isAllowedContradiction) faults.push('its answers contradict each other');
    if (events.some((step, index) => step !== index + 1)) faults.push(`it had the events ${events.join(' ')}`);
    const [answer] = answers;
    if (answer?.kind === 'result' && events.length !== steps) {
      faults.push(`it was answered after ${events.length} of ${steps} events`);
    }
    return [...faults, ...this.#busLosses()];
  }

  /** Whether it has two answers in the only case that is allowed. */
  get isAllowedContradiction(): boolean {
    const others = this.#otherAnswers;
    const { answeredWithoutStore, answers } = this.call;
    if (!answeredWithoutStore || others.length === 0 || answers[0]?.reason === 'call-interrupted') return false;
    return others.every(({ reason }) => reason === 'call-interrupted') && this.#mayBeMissed;
  }

  /** Answers that differ from the first one. */
  get #otherAnswers(): readonly Answer[] {
    const [first, ...more] = this.call.answers;
    return [...more, ...this.call.rereads].filter(({ kind, text }) => kind !== first?.kind || text !== first.text);
  }

  /** Acknowledged messages that did not reach the waiting handler, on any node. */
  #busLosses(): string[] {
    const { acknowledged, answers, kind, era } = this.call;
    const did = (...events: Entry['event'][]) => this.entries.some(({ event }) => events.includes(event));
    if (this.#begun.length === 0 || this.#ranOn('killed')) return [];
    const losses: string[] = [];
    if (acknowledged.includes('cancellation') && answers.length === 0 && !did('aborted', 'failed')) {
      losses.push('its cancellation was acknowledged with 202 and did not reach its handler');
    }
    const isAsked = kind === 'ask' && era === 'legacy' && acknowledged.includes('answer to a question');
    if (isAsked && !did('heard', 'failed', 'aborted')) {
      losses.push('the answer to its elicitation was acknowledged with 202 and did not reach its handler');
    }
    return losses;
  }

  fate(): Fate | { fault: string } {
    const { overdue, cancelled, answers } = this.call;
    if (overdue) return { fault: 'it has no answer' };
    const [answer] = answers;
    if (answer !== undefined) return this.#answered(answer);
    return cancelled ? this.#cancelled() : this.#unanswered();
  }

  #answered({ kind, text, reason }: CallRecord['answers'][number]): Fate | { fault: string } {
    const fault = { fault: `its answer is the ${kind} "${text}" (${reason ?? 'no reason'})` };
    const isAlone = this.circumstances.alone || this.#disturbed('store away', 'node cut off');
    if (kind === 'result') return text === this.#expected ? 'answered' : fault;
    if (reason === 'call-interrupted') return this.#mayBeMissed ? 'interrupted, with an error' : fault;
    // Another node than the one that runs it may wait for a call with a key.
    if (reason === 'shutting-down')
      return isAlone && this.#were('drained').length > 0 ? 'stopped, with an error' : fault;
    const isStore = reason === 'store-unavailable' || (kind === 'failure' && /store/.test(text));
    return isStore && this.#disturbed('store away', 'node cut off', 'node stalled')
      ? 'failed without the store, with an error'
      : fault;
  }

  get #expected(): string {
    const { id, kind } = this.call;
    return kind === 'ask' ? `done ${id} yes ${id}` : `done ${id}`;
  }

  /** A cancelled call that continues to run missed both the client's cancellation and the end of its connection. */
  #cancelled(): Fate | { fault: string } {
    const isOver =
      this.#begun.length === 0 || this.entries.some(({ event }) => event === 'aborted' || event === 'ended');
    return isOver || this.#ranOn('killed') ? 'cancelled' : { fault: 'it was cancelled, and ran on' };
  }

  #unanswered(): Fate | { fault: string } {
    const { heads, era, lastId } = this.call;
    const last = heads.at(-1);
    const fault = { fault: 'it has no answer' };
    if (last !== 200) {
      // Each round of a call with elicitation is a request, of which only the last may have been refused.
      const taken = heads.filter((head) => head === 200).length;
      const runs = this.entries.filter(({ event }) => event.startsWith('begun')).length;
      if (runs <= taken) return 'not accepted';
      // 503 is sent before a call begins. Other failures are excused only by a killed node.
      return last !== 503 && this.#ranOn('killed') ? 'killed before its first byte' : fault;
    }
    if (!this.#ranOn('killed')) return fault;
    if (era === 'modern') return 'cut with its node';
    return lastId === undefined ? 'killed before its first byte' : fault;
  }

  /** A call without a journal entry may still have reached a node just before it was killed. */
  #ranOn(fate: Life['fate']): boolean {
    const lives = this.#were(fate);
    return this.#begun.length === 0 ? lives.length > 0 : this.entries.some(({ life }) => lives.includes(life));
  }

  /** Whether other nodes may have considered its node dead. */
  get #mayBeMissed(): boolean {
    const isLong = (disturbance: Disturbance): boolean => lengthOf(disturbance) >= MISSED_MS;
    return this.#ranOn('killed') || this.#disturbances('store away', 'node cut off', 'node stalled').some(isLong);
  }

  #disturbed(...kinds: Disturbance['what'][]): boolean {
    return this.#disturbances(...kinds).length > 0;
  }

  /** Disturbances that may have affected this call, by time and by node. */
  #disturbances(...kinds: Disturbance['what'][]): Disturbance[] {
    const nodes = this.entries.map(({ life }) => life.split('#')[0]);
    return this.circumstances.disturbances.filter(({ what, node, from, to = Number.POSITIVE_INFINITY }) => {
      const isConcerned = node === undefined || nodes.length === 0 || this.call.keyed || nodes.includes(node);
      return kinds.includes(what) && isConcerned && overlap(this.call, { from, to: to + RECOVERY_MS });
    });
  }

  /** The first failures that its nodes reported during the call. */
  get #failures(): string[] {
    const nodes = new Set(this.entries.map(({ life }) => life));
    const reported = this.circumstances.entries.filter(({ event, life, at }) => {
      const then = at - performance.timeOrigin;
      return event === 'failure' && nodes.has(life) && overlap(this.call, { from: then, to: then });
    });
    return reported.slice(0, 3).map(({ life, why }) => `${life} reported ${why}`);
  }

  #were(fate: Life['fate']): string[] {
    return this.circumstances.lives.filter((life) => life.fate === fate).map(({ name }) => name);
  }

  get story(): string {
    const { heads, lastId, events, trail, answers, rereads } = this.call;
    const text = (all: readonly Answer[]) =>
      all.map(({ kind, text, reason }) => `${kind} "${text}" (${reason ?? '-'})`);
    const fateOf = (name: string) => this.circumstances.lives.find((life) => life.name === name)?.fate;
    const journal = this.entries.map(
      ({ life, event, why }) => `${event} on ${life} (${fateOf(life)})${why === undefined ? '' : `: ${why}`}`,
    );
    return [
      `heads ${heads.join(' ')}`,
      `last event id ${lastId ?? 'none'}`,
      `${events.length} events`,
      ...trail,
      `answers: ${text(answers).join(', ') || 'none'}`,
      ...(rereads.length > 0 ? [`later answers: ${text(rereads).join(', ')}`] : []),
      `journal: ${journal.join(', ') || 'nothing'}`,
      ...this.#failures,
    ].join('; ');
  }
}
