import { McpError } from '../protocol/errors.js';
import type { Bus } from '../store/store.js';

/** Where nodes tell each other how often a stream was taken over. */
const TOPIC = 'take-overs';

/** Take-overs in a row after which the stream stays with the connection that has it. */
const MOST_IN_A_ROW = 4;

/** A connection that had the stream for as long, beside the time after which clients come back, was not taken over in a row. */
const BRIEF_MS = 10_000;

/** Connections that keep on asking are refused for this long at most, since another may have died without a word. */
const REFUSED_MS = 60_000;

interface Row {
  readonly count: number;
  /** When the stream was taken over last. */
  readonly at: number;
  /** When the row is over, if nothing happens. */
  until: number;
}

/**
 * Counts how often streams are taken over from connections that had them briefly and showed nothing.
 *
 * A client whose connection has died comes back once, and takes the stream over. Two clients that both listen take it
 * from each other for ever: each is ended, comes back, and ends the other. After a few rounds the one that comes is
 * refused, which ends the tries of most clients, and leaves the stream to the other.
 *
 * The rows are in the memory of each node, and told by the bus: one that was lost lets the game go on a little longer.
 */
export class TakeOvers {
  /** In the order in which they were changed. */
  readonly #rows = new Map<string, Row>();
  readonly #unsubscribe: () => void;
  readonly #briefMs: number;

  /** @param retryMs after which clients come back whose connection was closed. */
  constructor(
    private readonly bus: Bus,
    private readonly node: string,
    retryMs: number,
  ) {
    this.#briefMs = BRIEF_MS + 2 * retryMs;
    this.#unsubscribe = bus.subscribe(TOPIC, (message) => this.#onMessage(message));
  }

  /** @throws McpError `stream-taken` when the stream was taken over too often. */
  admit(name: string): void {
    const row = this.#rows.get(name);
    if (row === undefined || row.count < MOST_IN_A_ROW) return;
    const now = performance.now();
    if (now >= row.until) return void this.#rows.delete(name);
    row.until = Math.min(now + this.#briefMs, row.at + Math.max(REFUSED_MS, this.#briefMs));
    throw new McpError('stream-taken', 'Another connection listens to this stream, and took it over several times');
  }

  /** The stream was taken over from a connection that had shown nothing since then, or has shown something. */
  add(name: string, silentSince: number | undefined): void {
    const now = performance.now();
    if (silentSince === undefined || now - silentSince >= this.#briefMs) return this.end(name);
    const before = this.#rows.get(name);
    const count = before !== undefined && now < before.until ? before.count + 1 : 1;
    this.#set(name, count);
    this.#tell(name, count);
  }

  /** The row is over: the connection that has the stream has shown something, or has left. */
  end(name: string): void {
    if (this.#rows.delete(name)) this.#tell(name, 0);
  }

  /** Rows that are remembered. */
  get size(): number {
    return this.#rows.size;
  }

  close(): void {
    this.#unsubscribe();
    this.#rows.clear();
  }

  #set(name: string, count: number): void {
    const now = performance.now();
    for (const [other, { until }] of this.#rows) {
      if (now < until) break;
      this.#rows.delete(other);
    }
    this.#rows.delete(name);
    this.#rows.set(name, { count, at: now, until: now + this.#briefMs });
  }

  #tell(name: string, count: number): void {
    this.bus.publish(TOPIC, JSON.stringify([this.node, name, count])).catch(() => {});
  }

  #onMessage(message: string): void {
    const [node, name, count] = JSON.parse(message) as [string, string, number];
    if (node === this.node) return;
    if (count === 0) this.#rows.delete(name);
    else this.#set(name, count);
  }
}
