import type { CallKind, CallRecord, Era } from './call-record.js';

/** A call to be made. */
export interface NewCall {
  readonly client: string;
  readonly era: Era;
  readonly kind: CallKind;
  readonly steps?: number;
  readonly keyed?: boolean;
}

/** Records all requests and received messages of clients; `verdict.ts` evaluates them. */
export class Ledger {
  readonly calls = new Map<string, CallRecord>();
  /** Received messages that belong to another client or to no call. */
  readonly strays: string[] = [];
  readonly counts = { cuts: 0, resumes: 0, sessions: 0, questions: 0, refusals: 0, forgotten: 0, rereads: 0 };
  /** Second reads of answers that have not ended. */
  readonly pendingRereads = new Set<Promise<void>>();
  #last = 0;

  begin({ client, era, kind, steps = 0, keyed = false }: NewCall): CallRecord {
    this.#last += 1;
    const record: CallRecord = {
      id: `${client}.${this.#last}`,
      client,
      era,
      kind,
      steps,
      keyed,
      from: performance.now(),
      to: undefined,
      heads: [],
      firstId: undefined,
      lastId: undefined,
      events: [],
      answers: [],
      answeredWithoutStore: false,
      rereads: [],
      acknowledged: [],
      trail: [],
      lost: new AbortController(),
      cancelled: false,
      overdue: false,
    };
    this.calls.set(record.id, record);
    return record;
  }

  /** Adds to the history of a call, with the time. */
  note(call: CallRecord | undefined, what: string): void {
    call?.trail.push(`${what} at ${Math.round(performance.now() - call.from)} ms`);
  }

  /** The call with this name, if it belongs to the client; otherwise a stray is recorded. */
  ofClient(client: string, call: unknown, what: string): CallRecord | undefined {
    const record = this.calls.get(String(call));
    if (record?.client === client) return record;
    this.strays.push(`${client} was given ${what} of ${String(call)}`);
    return undefined;
  }
}
