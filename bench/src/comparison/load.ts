import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { PreparedRequest } from '../wire/messages.js';
import { type RawResponse, ResponseReader } from '../wire/response-reader.js';
import { Awake } from './awake.js';

/** A server under load, and the requests for it. */
export interface Target {
  readonly port: number;
  /** The header lines of each connection, ending in a line break. They differ in the session only. */
  readonly heads: readonly string[];
  readonly requests: readonly PreparedRequest[];
}

/** Duration and rate of a load. */
export interface Pace {
  readonly ms: number;
  /** Requests a second on each connection; as fast as the answers come without it. */
  readonly perSecond?: number;
  /** Lets the load sleep while no answer comes, where something else needs its core. @default false */
  readonly sleeps?: boolean;
}

/** The results of one round of load. */
export interface Round {
  /** Good answers within the time. */
  readonly calls: number;
  readonly seconds: number;
  /** The part of the time in which the load had something to do. 1 where it was not looked at. */
  readonly busyShare: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** Wrong and missing answers. */
  readonly faults: number;
  readonly firstFault: string | undefined;
}

/** How long the last answers may take to come after the time is up. */
const LAST_ANSWERS_MS = 5_000;
/** Bodies up to this are all looked into; of longer ones only some, or the load would set the pace. */
const SHORT_BODY = 4_096;
const LOOK_INTO_EVERY = 16;
/** A round ends after this many faults: its figures are invalid. */
const MOST_FAULTS = 100;
/** All connections read into one buffer: making one for each read would cost the load more than the reading. */
const READ_BUFFER = Buffer.alloc(256 * 1024);

/** Requests for `ms` milliseconds, one under way at a time on each connection. */
export async function load(target: Target, pace: Pace): Promise<Round> {
  const tally = new Tally();
  const connections = await Promise.all(
    target.heads.map((head, index) => Connection.open({ target, head, tally, pace, index })),
  );
  tally.begin(pace.ms);
  const awake = new Awake(() => tally.handled);
  if (pace.sleeps !== true) awake.begin();
  const finished = Promise.all(connections.map((connection) => connection.run()));
  await Promise.race([finished, delay(pace.ms + LAST_ANSWERS_MS, undefined, { ref: false })]);
  const restMs = awake.end();
  for (const connection of connections) connection.close();
  return tally.round(restMs);
}

/** Counts for all connections of a round. */
class Tally {
  readonly #latency: RecordableHistogram = createHistogram();
  #beganAt = 0;
  #endsAt = 0;
  #calls = 0;
  #sent = 0;
  #faults = 0;
  #firstFault: string | undefined;

  begin(ms: number): void {
    this.#beganAt = performance.now();
    this.#endsAt = this.#beganAt + ms;
  }

  goesOn(now: number): boolean {
    return now < this.#endsAt && this.#faults < MOST_FAULTS;
  }

  /** The number of the next request. */
  next(): number {
    this.#sent += 1;
    return this.#sent;
  }

  /** An answer that came when the time was up is checked, and not counted. */
  answered(since: number, now: number, fault: string | undefined): void {
    if (fault !== undefined) return this.failed(fault);
    if (now >= this.#endsAt) return;
    this.#calls += 1;
    this.#latency.record(Math.max(1, Math.round((now - since) * 1e6)));
  }

  failed(fault: string): void {
    this.#faults += 1;
    this.#firstFault ??= fault;
  }

  /** Answers of any kind, and requests that got none. */
  get handled(): number {
    return this.#calls + this.#faults;
  }

  round(restMs: number): Round {
    const percentile = (part: number) => this.#latency.percentile(part) / 1e6;
    const ms = this.#endsAt - this.#beganAt;
    return {
      calls: this.#calls,
      seconds: ms / 1000,
      busyShare: Math.max(0, 1 - restMs / ms),
      p50Ms: percentile(50),
      p95Ms: percentile(95),
      p99Ms: percentile(99),
      faults: this.#faults,
      firstFault: this.#firstFault,
    };
  }
}

interface ConnectionOptions {
  readonly target: Target;
  readonly head: string;
  readonly tally: Tally;
  readonly pace: Pace;
  readonly index: number;
}

class Connection {
  static async open(options: ConnectionOptions): Promise<Connection> {
    let connection: Connection | undefined;
    const onread = {
      buffer: READ_BUFFER,
      callback: (length: number, bytes: Uint8Array) => {
        connection?.onData((bytes as Buffer).subarray(0, length));
        return true;
      },
    };
    const socket = connect({ port: options.target.port, host: '127.0.0.1', noDelay: true, onread });
    await once(socket, 'connect');
    connection = new Connection(socket, options);
    return connection;
  }

  readonly #reader = new ResponseReader((bytes) => this.#looksInto(bytes));
  /** Set while its answer is awaited. */
  #request: PreparedRequest | undefined;
  /** When the request was sent, or should have been: an answer that comes late delays those that follow it. */
  #since = 0;
  #dueAt = 0;
  #answers = 0;
  #timer: NodeJS.Timeout | undefined;
  #finish: () => void = () => {};

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    socket.on('error', (error) => this.#stop(error.message));
    socket.on('close', () => this.#stop('the server closed the connection'));
  }

  /** Resolves when the time is up and the last answer has come. Never rejects. */
  run(): Promise<void> {
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    // Spread over the first period, or all connections would send at once for ever.
    this.#dueAt = performance.now() + (this.#period * this.options.index) / this.options.target.heads.length;
    this.#next(performance.now());
    return finished;
  }

  close(): void {
    this.#stop('no answer came');
    this.socket.destroy();
  }

  get #period(): number {
    const { perSecond } = this.options.pace;
    return perSecond === undefined ? 0 : 1_000 / perSecond;
  }

  #next(now: number): void {
    if (!this.options.tally.goesOn(now)) return this.#finish();
    if (this.#period === 0) return this.#send(now);
    const wait = this.#dueAt - now;
    if (wait <= 0) return this.#send(this.#dueAt);
    this.#timer = setTimeout(() => this.#send(performance.now()), wait);
  }

  #looksInto(bytes: number): boolean {
    return bytes <= SHORT_BODY || this.#answers % LOOK_INTO_EVERY === 0;
  }

  #send(since: number): void {
    const { target, tally, head } = this.options;
    const request = target.requests[tally.next() % target.requests.length]!;
    this.#request = request;
    this.#since = since;
    this.#dueAt += this.#period;
    const { headers, body } = request;
    this.socket.write(`${head}${headers}Content-Length: ${body.length}\r\n\r\n${body}`, 'latin1');
  }

  onData(chunk: Buffer): void {
    try {
      const response = this.#reader.push(chunk);
      if (response !== undefined) this.#onResponse(response);
    } catch (error) {
      this.#stop(String(error));
    }
  }

  #onResponse(response: RawResponse): void {
    const { tally } = this.options;
    if (this.#request === undefined) return this.#stop('an answer came that nothing asked for');
    const now = performance.now();
    const looks = this.#looksInto(response.bytes);
    this.#answers += 1;
    tally.answered(this.#since, now, faultOf(response, this.#request, looks));
    this.#request = undefined;
    this.#next(now);
  }

  /** A request whose answer did not come is a fault; a connection that awaits none may end. */
  #stop(why: string): void {
    if (this.#request !== undefined) this.options.tally.failed(why);
    this.#request = undefined;
    clearTimeout(this.#timer);
    this.#finish();
  }
}

/** The fault of an answer, if it has one. The check is quick: `verify` has checked such answers in full before the load. */
function faultOf(response: RawResponse, request: PreparedRequest, looks: boolean): string | undefined {
  if (response.status !== 200) return `status ${response.status}: ${response.text().slice(0, 200)}`;
  if (!looks) return response.bytes > request.expected.length ? undefined : `only ${response.bytes} bytes`;
  const text = response.text();
  if (text.includes(request.expected) && text.includes(String(request.id))) return undefined;
  return `another answer than expected: ${text.slice(0, 200)}`;
}
