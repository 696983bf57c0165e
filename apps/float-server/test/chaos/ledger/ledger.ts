import type { CallKind, CallRecord, Era } from './call-record.js';

export interface NewCall {
  readonly client: string;
  readonly era: Era;
  readonly kind: CallKind;
  readonly steps?: number;
  readonly keyed?: boolean;
}

/** What all clients sent and were given. It only writes down; `verdict.ts` judges. */
export class Ledger {
  readonly calls = new Map<string, CallRecord>();
  /** What a client was given that is not its own, or not of this world. */
  readonly strays: string[] = [];
  readonly counts = { cuts: 0, resumes: 0, sessions: 0, questions: 0, refusals: 0, forgotten: 0 };
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
      heads: [],
      lastId: undefined,
      events: [],
      answers: [],
      trail: [],
      lost: new AbortController(),
      cancelled: false,
      overdue: false,
    };
    this.calls.set(record.id, record);
    return record;
  }

  /** The call of that name, when it is this client's. */
  ofClient(client: string, call: unknown, what: string): CallRecord | undefined {
    const record = this.calls.get(String(call));
    if (record?.client === client) return record;
    this.strays.push(`${client} was given ${what} of ${String(call)}`);
    return undefined;
  }
}
