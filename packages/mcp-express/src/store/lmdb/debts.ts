import type { Debt, OutgoingEvent } from '../store.js';
import type { Head, Tables } from './tables.js';

/** What is still owed on streams: kept beside their heads, because it is long and rarely changes. */
export class Debts {
  constructor(private readonly tables: Tables) {}

  begin(number: number, debt: Debt): void {
    void this.tables.debts.put(number, Object.fromEntries(debt.inPlace.entries()));
  }

  /** Those of the events that were not given before. */
  wanted(head: Head, events: readonly OutgoingEvent[]): readonly OutgoingEvent[] {
    if (head.debt === undefined || events.every(({ owed }) => owed === undefined)) return events;
    const debts = this.#of(head);
    return events.filter(({ owed }) => owed === undefined || debts[owed] !== undefined);
  }

  pay(head: Head, events: readonly OutgoingEvent[]): void {
    const paid = events.map(({ owed }) => String(owed ?? ''));
    if (head.debt === undefined || paid.every((place) => place === '')) return;
    const left = Object.entries(this.#of(head)).filter(([place]) => !paid.includes(place));
    void this.tables.debts.put(head.number, Object.fromEntries(left));
    if (left.length === 0) delete head.owedBy;
  }

  /** What stands for the answers that were not given yet. */
  inPlace(head: Head): readonly OutgoingEvent[] {
    return Object.entries(this.#of(head)).map(([place, data]) => ({ data, answer: true, owed: Number(place) }));
  }

  #of(head: Head): Readonly<Record<string, string>> {
    return this.tables.debts.get(head.number) ?? {};
  }
}
