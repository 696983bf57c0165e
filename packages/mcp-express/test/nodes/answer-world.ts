import { jest } from '@jest/globals';
import { memoryStore, type Store, type StreamKey } from 'mcp-express';
import { type ResponseDeps, ResponseWriter } from '../../src/request/response-writer.js';
import { SlowResponses } from '../../src/request/slow-responses.js';
import { UnstoredResults } from '../../src/request/unstored.js';
import type { Page } from '../../src/store/store.js';
import { NodeLease } from '../../src/stream/node-lease.js';
import { NodeLiveness } from '../../src/stream/node-liveness.js';
import { PendingResponseWatch } from '../../src/stream/pending-responses.js';
import type { StreamReader } from '../../src/stream/reader.js';
import type { ReaderSink } from '../../src/stream/reader-sink.js';
import { Streams } from '../../src/stream/streams.js';
import { PendingWork } from '../../src/util/pending-work.js';

export const LEASE_MS = 3_000;

const SESSION = 's';

/** After which a command that Redis does not answer counts as failed. Milliseconds. */
export const TIMEOUT_MS = 500;

/**
 * - `whole`: commands are carried out.
 * - `cut`: they are refused.
 * - `deaf`: they are carried out, and their answers are lost.
 * - `frozen`: they time out, and are carried out when the line is whole again.
 */
export type LineState = 'whole' | 'cut' | 'deaf' | 'frozen';

/** Lets time pass by Jest's fake timers, one timer after the other, with all that each of them begins. */
export async function pass(ms: number): Promise<void> {
  const until = Date.now() + ms;
  setTimeout(() => {}, ms);
  await quiet();
  while (Date.now() < until) {
    jest.advanceTimersToNextTimer();
    await quiet();
  }
}

/** All that can go on without time has gone on. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The way of one node to the store. */
class Way {
  state: LineState = 'whole';
  /** No command leaves any more, and none that is on its way arrives. */
  isDead = false;
  readonly store: Pick<Store, 'streams' | 'leases' | 'bus'>;
  readonly #wakes = new Set<() => void>();
  #onItsWay: (() => void)[] = [];

  constructor(shared: Store) {
    this.store = { streams: this.#through(shared.streams), leases: this.#through(shared.leases), bus: shared.bus };
  }

  set(state: LineState): void {
    this.state = state;
    if (state !== 'whole' || this.isDead) return;
    for (const carryOut of this.#onItsWay) carryOut();
    this.#onItsWay = [];
    for (const wake of this.#wakes) wake();
  }

  #through<T extends object>(part: T): T {
    return new Proxy(part, {
      get: (target, name) => {
        const step = Reflect.get(target, name, target) as (...given: unknown[]) => unknown;
        if (name === 'watch') return (key: StreamKey, wake: () => void) => this.#watch(target as never, key, wake);
        return (...given: unknown[]) => this.#run(() => Promise.resolve(step.apply(target, given)));
      },
    });
  }

  async #run(command: () => Promise<unknown>): Promise<unknown> {
    if (this.isDead) throw new Error('dead');
    if (this.state === 'cut') throw new Error('cut');
    if (this.state === 'whole') return command();
    if (this.state === 'deaf') void command().catch(() => {});
    else this.#onItsWay.push(() => void command().catch(() => {}));
    await new Promise((resolve) => setTimeout(resolve, TIMEOUT_MS));
    throw new Error('timed out');
  }

  #watch(streams: Store['streams'], key: StreamKey, wake: () => void): () => void {
    const whenWhole = (): void => {
      if (this.state === 'whole' && !this.isDead) wake();
    };
    this.#wakes.add(whenWhole);
    const unwatch = streams.watch(key, whenWhole);
    return () => {
      this.#wakes.delete(whenWhole);
      unwatch();
    };
  }
}

/** What one answer said, and how it came. */
export interface Shown {
  readonly id: number;
  readonly says: 'result' | 'interrupted';
  /** Without an event id. */
  readonly direct: boolean;
}

/** An HTTP response that shows the stream. */
export class Connection implements ReaderSink {
  readonly shown: Shown[] = [];
  isOver = false;
  /** The client sees nothing more of it, and its server does not know. */
  isHalfOpen = false;
  lastId: string;

  constructor(
    readonly node: ModelNode,
    readonly reader: StreamReader,
    after: string,
    private readonly onShown: (shown: Shown, connection: Connection) => void,
  ) {
    this.lastId = after;
    reader.pipeTo(this);
  }

  write(page: Page): undefined {
    if (this.node.isDead) return;
    for (const { id, data } of page.events) {
      if (id !== '' && !this.isHalfOpen) this.lastId = id;
      const { id: request, error } = JSON.parse(data) as { id: number; error?: unknown };
      const shown: Shown = { id: request, says: error === undefined ? 'result' : 'interrupted', direct: id === '' };
      this.shown.push(shown);
      this.onShown(shown, this);
    }
  }

  readerClosed(): void {}

  end(): void {
    this.isOver = true;
  }
}

/** The parts of a node that answers go through. */
export class ModelNode {
  readonly way: Way;
  readonly lease: NodeLease;
  readonly streams: Streams;
  readonly #unstored = new UnstoredResults();
  readonly #slow = new SlowResponses(50);
  readonly #pending: PendingResponseWatch;
  readonly #host: ResponseDeps;

  constructor(shared: Store, name: string) {
    const ignore = (): void => {};
    this.way = new Way(shared);
    const { streams: store, leases, bus } = this.way.store;
    this.lease = new NodeLease(leases, name, LEASE_MS, ignore);
    this.#pending = new PendingResponseWatch(store, new NodeLiveness(leases, LEASE_MS), LEASE_MS, ignore);
    this.streams = new Streams({
      store,
      bus,
      node: name,
      stallMs: 0,
      lease: this.lease,
      pending: this.#pending,
    });
    this.#host = {
      streams: this.streams,
      slowResponses: this.#slow,
      instruments: undefined,
      failed: ignore,
      storing: new PendingWork(),
      unstored: this.#unstored,
      streamOpened: ignore,
      statusMatters: false,
    };
  }

  get isDead(): boolean {
    return this.way.isDead;
  }

  /** A POST of as many requests as `count`, answered by a stream that begins with an event id. */
  reply(count: number): ResponseWriter {
    const owed = Array.from({ length: count }, (_each, id) => ({ jsonrpc: '2.0' as const, id, method: 'tools/call' }));
    const delivery = { formats: { json: false, sse: true }, resumable: true };
    return new ResponseWriter(this.#host, {
      delivery,
      session: SESSION,
      requests: owed,
      holder: '',
      batch: count > 1,
    });
  }

  /** A SIGKILL: nothing is said any more, to the store or to clients. */
  kill(): void {
    this.way.isDead = true;
    void this.lease.close();
    this.#pending.close();
    this.#unstored.giveUp();
    this.#slow.close();
    this.streams.close();
  }
}

export function sharedStore(): Store {
  return memoryStore({ now: Date.now });
}

export const keyOf = (stream: string): StreamKey => ({ session: SESSION, stream });
