import { McpError } from '../protocol/errors.js';
import type { Bus } from '../store/store.js';

/** The bus topic of take-overs. */
const TOPIC = 'take-overs';

/** Consecutive take-overs after which the stream stays with its current connection. */
const MOST_IN_A_ROW = 4;

/** A connection that had the stream for this long, plus twice the reconnection time, ends the series. Milliseconds. */
const BRIEF_MS = 10_000;

/**
 * The longest time for which retrying connections are refused, because the current one may be dead without notice.
 * Milliseconds.
 */
const REFUSED_MS = 60_000;

interface Row {
  readonly count: number;
  /** The time of the last take-over. */
  readonly at: number;
  /** The time at which the series ends unless another take-over follows. */
  until: number;
}

/**
 * Counts take-overs of streams from connections that had them briefly and delivered nothing.
 *
 * A client whose connection has died reconnects once and takes the stream over. Two clients that both listen take it from
 * each other forever: each is disconnected, reconnects, and disconnects the other. After a few rounds the next one is
 * refused, which makes most clients give up and leaves the stream to the other.
 *
 * The counts are in the memory of each node and sent over the bus; if a message is lost, the rounds last a little longer.
 */
export class TakeOvers {
  /** In the order of their last change. */
  readonly #rows = new Map<string, Row>();
  readonly #unsubscribe: () => void;
  readonly #briefMs: number;

  /** @param retryMs the reconnection time of clients, in milliseconds. */
  constructor(
    private readonly bus: Bus,
    private readonly node: string,
    retryMs: number,
  ) {
    this.#briefMs = BRIEF_MS + 2 * retryMs;
    this.#unsubscribe = bus.subscribe(TOPIC, (message) => this.#onMessage(message));
  }

  /** @throws McpError `stream-taken` if the stream was taken over too often. */
  admit(name: string): void {
    const row = this.#rows.get(name);
    if (row === undefined || row.count < MOST_IN_A_ROW) return;
    const now = performance.now();
    if (now >= row.until) return void this.#rows.delete(name);
    row.until = Math.min(now + this.#briefMs, row.at + Math.max(REFUSED_MS, this.#briefMs));
    throw new McpError('stream-taken', 'Another connection listens to this stream, and took it over several times');
  }

  /**
   * Counts a take-over, or ends the series if the previous connection was not brief.
   *
   * @param silentSince the creation time of the previous connection if it delivered nothing; otherwise `undefined`.
   */
  add(name: string, silentSince: number | undefined): void {
    const now = performance.now();
    if (silentSince === undefined || now - silentSince >= this.#briefMs) return this.end(name);
    const before = this.#rows.get(name);
    const count = before !== undefined && now < before.until ? before.count + 1 : 1;
    this.#set(name, count);
    this.#publish(name, count);
  }

  /** Ends the series: the current connection has delivered something or was closed. */
  end(name: string): void {
    if (this.#rows.delete(name)) this.#publish(name, 0);
  }

  /** Streams with a series in memory. */
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

  #publish(name: string, count: number): void {
    this.bus.publish(TOPIC, JSON.stringify([this.node, name, count])).catch(() => {});
  }

  #onMessage(message: string): void {
    const [node, name, count] = JSON.parse(message) as [string, string, number];
    if (node === this.node) return;
    if (count === 0) this.#rows.delete(name);
    else this.#set(name, count);
  }
}
