import type { Life } from '../cluster/node.js';
import type { Entry } from '../node/journal.js';
import type { CallRecord } from './call-record.js';
import type { Ledger } from './ledger.js';

/** Faults of the service, which excuse the corresponding failures of calls. */
export interface Circumstances {
  readonly lives: readonly Life[];
  readonly entries: readonly Entry[];
  /** Whether the store was unavailable for some time. */
  readonly outages: boolean;
  /** A single node: when it stops, no other one receives the answers and cancellations that its calls wait for. */
  readonly alone: boolean;
}

/** The outcome of a call. */
export type Fate =
  | 'answered'
  /** Its node was killed, which its single answer reports. */
  | 'interrupted, and told'
  /** The store was unavailable, which its single answer reports. */
  | 'failed for want of the store, and told'
  /** The only node stopped before the call was complete, which its single answer reports. */
  | 'stopped, and told'
  | 'cancelled'
  /** Refused, or the connection broke before a response head, and the journals show that it never ran. */
  | 'not accepted'
  /** As above, but it ran on a node that was killed before its client had an event id to resume from. */
  | 'killed before its first byte'
  /** Streams of 2026-07-28 cannot be resumed: they end with their connection, which ended with the node. */
  | 'cut with its node';

/** The evaluation of a run. */
export interface Verdict {
  readonly fates: ReadonlyMap<Fate, number>;
  readonly events: number;
  /** Violations of guarantees. */
  readonly faults: readonly string[];
}

/** Evaluates a run. */
export function judge(ledger: Ledger, circumstances: Circumstances): Verdict {
  const faults = [...ledger.strays];
  const fates = new Map<Fate, number>();
  const runs = new Map<string, Entry[]>();
  for (const entry of circumstances.entries) {
    const entries = runs.get(entry.call);
    if (entries === undefined) runs.set(entry.call, [entry]);
    else entries.push(entry);
  }
  let events = 0;
  for (const call of ledger.calls.values()) {
    events += call.events.length;
    const run = new Run(call, runs.get(call.id) ?? [], circumstances);
    faults.push(...run.faults());
    const fate = run.fate();
    if (typeof fate === 'object') faults.push(`${call.id} (${call.era} ${call.kind}): ${fate.fault}`);
    else fates.set(fate, (fates.get(fate) ?? 0) + 1);
  }
  return { fates, events, faults };
}

/** One call, by its client's record and by the journals. */
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
    const { id, answers, events, steps } = this.call;
    const faults: string[] = [];
    if (this.#begun.length > 1) faults.push(`${id} ran ${this.#begun.length} times; ${this.#story}`);
    if (answers.length > 1) faults.push(`${id} was answered ${answers.length} times; ${this.#story}`);
    if (events.some((step, index) => step !== index + 1)) faults.push(`${id} had the events ${events.join(' ')}`);
    const [answer] = answers;
    if (answer?.kind === 'result' && events.length !== steps) {
      faults.push(`${id} was answered after ${events.length} of ${steps} events; ${this.#story}`);
    }
    return faults;
  }

  fate(): Fate | { fault: string } {
    const { overdue, cancelled, answers } = this.call;
    if (overdue) return { fault: `nothing came of it; ${this.#story}` };
    const [answer] = answers;
    if (answer !== undefined) return this.#answered(answer);
    return cancelled ? this.#cancelled() : this.#unanswered();
  }

  #answered({ kind, text, reason }: CallRecord['answers'][number]): Fate | { fault: string } {
    const fault = { fault: `it was given the ${kind} "${text}" (${reason ?? 'no reason'}); ${this.#story}` };
    const { outages, alone } = this.circumstances;
    if (kind === 'result') return text === this.#expected ? 'answered' : fault;
    if (reason === 'call-interrupted') return this.#ranOn('killed') ? 'interrupted, and told' : fault;
    // Not necessarily the node that ran it: a repeated call with a key may wait on another node.
    if (reason === 'shutting-down') return alone && this.#were('drained').length > 0 ? 'stopped, and told' : fault;
    const isStore = reason === 'store-unavailable' || (kind === 'failure' && /store/.test(text));
    return isStore && outages ? 'failed for want of the store, and told' : fault;
  }

  get #expected(): string {
    const { id, kind } = this.call;
    return kind === 'ask' ? `done ${id} yes ${id}` : `done ${id}`;
  }

  /** A cancelled call that continues to run missed both the client's cancellation and the end of its connection. */
  #cancelled(): Fate | { fault: string } {
    const isOver =
      this.#begun.length === 0 || this.entries.some(({ event }) => event === 'aborted' || event === 'ended');
    return isOver || this.#ranOn('killed') ? 'cancelled' : { fault: `it was cancelled, and ran on; ${this.#story}` };
  }

  #unanswered(): Fate | { fault: string } {
    const { heads, era, lastId } = this.call;
    const last = heads.at(-1);
    const fault = { fault: `it has no answer; ${this.#story}` };
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

  #were(fate: Life['fate']): string[] {
    return this.circumstances.lives.filter((life) => life.fate === fate).map(({ name }) => name);
  }

  get #story(): string {
    const { heads, lastId, events, trail } = this.call;
    const fateOf = (name: string) => this.circumstances.lives.find((life) => life.name === name)?.fate;
    const journal = this.entries.map(({ life, event }) => `${event} on ${life} (${fateOf(life)})`);
    return [
      `heads ${heads.join(' ')}`,
      `last event id ${lastId ?? 'none'}`,
      `${events.length} events`,
      ...trail,
      `journal: ${journal.join(', ') || 'nothing'}`,
    ].join('; ');
  }
}
