import type { OutgoingEvent, PendingResponses } from '../store.js';
import type { Head, Tables } from './tables.js';

/** The pending responses of streams, in a table of their own because they are long and rarely change. */
export class PendingResponseTable {
  constructor(private readonly tables: Tables) {}

  /** Stores the pending responses of a new stream. @param number the sequence number of the stream. */
  add(number: number, debt: PendingResponses): void {
    void this.tables.pendingResponses.put(number, Object.fromEntries(debt.errors.entries()));
  }

  /** The events without pending responses that were stored before. */
  withoutStored(head: Head, events: readonly OutgoingEvent[]): readonly OutgoingEvent[] {
    if (head.debt === undefined || events.every(({ pendingIndex }) => pendingIndex === undefined)) return events;
    const pending = this.#of(head);
    return events.filter(({ pendingIndex }) => pendingIndex === undefined || pending[pendingIndex] !== undefined);
  }

  /** Removes the responses among these events from the pending ones. True if they were the last ones. */
  removeStored(head: Head, events: readonly OutgoingEvent[]): boolean {
    const paid = events.map(({ pendingIndex }) => String(pendingIndex ?? ''));
    if (head.debt === undefined || paid.every((place) => place === '')) return false;
    const left = Object.entries(this.#of(head)).filter(([place]) => !paid.includes(place));
    void this.tables.pendingResponses.put(head.number, Object.fromEntries(left));
    if (left.length > 0) return false;
    delete head.owedBy;
    return true;
  }

  /** The error responses of all responses that are still pending. */
  errors(head: Head): readonly OutgoingEvent[] {
    return Object.entries(this.#of(head)).map(
      ([place, data]): OutgoingEvent => ({ data, answer: true, pendingIndex: Number(place) }),
    );
  }

  #of(head: Head): Readonly<Record<string, string>> {
    return this.tables.pendingResponses.get(head.number) ?? {};
  }
}

/** The members of `Head` of a stream with pending responses. */
export function pendingHead({ node, trace }: PendingResponses, reader: string): PendingHead {
  const head: PendingHead = { debt: true, owedBy: node, reader };
  return trace === undefined ? head : { ...head, trace };
}

/** Members of `Head` that a stream with pending responses is opened with. */
export type PendingHead = Pick<Head, 'debt' | 'owedBy' | 'reader' | 'trace'>;
