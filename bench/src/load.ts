import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { faultOf } from './answer.js';
import { type Call, nextCall } from './calls.js';
import { type RawResponse, ResponseReader } from './http-response.js';
import type { Form } from './subjects.js';

export interface Target {
  readonly port: number;
  readonly form: Form;
  /** The header lines of each connection, ending in a line break: all that is told apart is the session. */
  readonly headers: readonly string[];
}

/** What one round of load found. */
export interface Round {
  /** Good answers within the time. */
  readonly calls: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Wrong and missing answers. */
  readonly faults: number;
  readonly firstFault: string | undefined;
}

/** How long the last answers may take to come after the time is up. */
const LAST_ANSWERS_MS = 5_000;

/** Calls as fast as the answers come, one call under way on each connection, for `ms` milliseconds. */
export async function load({ port, form, headers }: Target, ms: number): Promise<Round> {
  const tally = new Tally();
  const connections = await Promise.all(headers.map((lines) => Connection.open({ port, form, lines, tally })));
  tally.begin(ms);
  const finished = Promise.all(connections.map((connection) => connection.run()));
  await Promise.race([finished, delay(ms + LAST_ANSWERS_MS, undefined, { ref: false })]);
  for (const connection of connections) connection.close();
  return tally.round();
}

/** Counts for all connections of a round. */
class Tally {
  readonly #latency: RecordableHistogram = createHistogram();
  #beganAt = 0;
  #endsAt = 0;
  #calls = 0;
  #faults = 0;
  #firstFault: string | undefined;

  begin(ms: number): void {
    this.#beganAt = performance.now();
    this.#endsAt = this.#beganAt + ms;
  }

  /** False once the time is up, or when so much is wrong that going on would prove nothing. */
  goesOn(now: number): boolean {
    return now < this.#endsAt && this.#faults < 100;
  }

  /** An answer that came when the time was up is checked, and not counted. */
  answered(sentAt: number, now: number, fault: string | undefined): void {
    if (fault !== undefined) return this.failed(fault);
    if (now >= this.#endsAt) return;
    this.#calls += 1;
    this.#latency.record(Math.max(1, Math.round((now - sentAt) * 1e6)));
  }

  failed(fault: string): void {
    this.#faults += 1;
    this.#firstFault ??= fault;
  }

  round(): Round {
    return {
      calls: this.#calls,
      seconds: (this.#endsAt - this.#beganAt) / 1000,
      p50Ms: this.#latency.percentile(50) / 1e6,
      p99Ms: this.#latency.percentile(99) / 1e6,
      faults: this.#faults,
      firstFault: this.#firstFault,
    };
  }
}

interface ConnectionOptions {
  readonly port: number;
  readonly form: Form;
  readonly lines: string;
  readonly tally: Tally;
}

class Connection {
  static async open(options: ConnectionOptions): Promise<Connection> {
    const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Connection(socket, options);
  }

  readonly #reader = new ResponseReader();
  /** Set while its answer is awaited. */
  #call: Call | undefined;
  #sentAt = 0;
  #finish: () => void = () => {};

  constructor(
    private readonly socket: Socket,
    private readonly options: ConnectionOptions,
  ) {
    socket.on('data', (chunk) => this.#onData(chunk as Buffer));
    socket.on('error', (error) => this.#stop(error.message));
    socket.on('close', () => this.#stop('the server closed the connection'));
  }

  /** Resolves when the time is up and the last answer has come. Never rejects. */
  run(): Promise<void> {
    const finished = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    this.#send();
    return finished;
  }

  close(): void {
    this.#stop('no answer came');
    this.socket.destroy();
  }

  #send(): void {
    const call = nextCall();
    this.#call = call;
    this.#sentAt = performance.now();
    this.socket.write(`${this.options.lines}Content-Length: ${call.body.length}\r\n\r\n${call.body}`, 'latin1');
  }

  #onData(chunk: Buffer): void {
    try {
      const response = this.#reader.push(chunk);
      if (response !== undefined) this.#onResponse(response);
    } catch (error) {
      this.#stop(String(error));
    }
  }

  #onResponse(response: RawResponse): void {
    const { form, tally } = this.options;
    if (this.#call === undefined) return this.#stop('an answer came that nothing asked for');
    const now = performance.now();
    tally.answered(this.#sentAt, now, faultOf(response, this.#call, form));
    this.#call = undefined;
    if (tally.goesOn(now)) this.#send();
    else this.#finish();
  }

  /** A call whose answer did not come is a fault; a connection that awaits none may end. */
  #stop(why: string): void {
    if (this.#call !== undefined) this.options.tally.failed(why);
    this.#call = undefined;
    this.#finish();
  }
}
