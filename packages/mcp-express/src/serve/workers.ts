import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ConfigurationError } from '../protocol/errors.js';
import type { DrainOptions } from '../util/drains.js';
import { WORKERS_VARIABLE } from '../util/workers.js';
import type { Served } from './serve.js';

/** What the first process tells the others. */
interface CloseMessage {
  readonly mcpExpress: 'close';
  readonly drain: DrainOptions | undefined;
}

interface ClosedMessage {
  readonly mcpExpress: 'closed';
}

/** How long a worker that has drained may take to end by itself, such as for closing its store. */
const EXIT_MS = 5_000;

/** Waits before a worker that ended is replaced: one that cannot run must not be started in a loop. */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;
/** A worker that ran for so long did run. */
const SOUND_MS = 60_000;

/**
 * Starts this program again, `count` times, as workers that share a port, and resolves once all of them listen. One that
 * ends is replaced.
 *
 * @throws ConfigurationError when one ends before it listens; what is wrong it has said itself.
 */
export async function serveByWorkers(count: number): Promise<Served> {
  const pool = new Pool(count);
  const address = await pool.start();
  let closing: Promise<void> | undefined;
  return {
    // It is the workers who listen.
    server: createServer(),
    ...address,
    close: (drain) => {
      closing ??= pool.close(drain);
      return closing;
    },
  };
}

type Address = Pick<Served, 'port' | 'url'>;

class Pool {
  readonly #workers = new Set<Worker>();
  #isClosing = false;
  #waitMs = FIRST_WAIT_MS;

  constructor(private readonly count: number) {}

  async start(): Promise<Address> {
    const started = Array.from({ length: this.count }, () => this.#fork());
    try {
      const [address] = await Promise.all(started.map(whenListening));
      for (const worker of started) this.#replaceWhenGone(worker, performance.now());
      return address as Address;
    } catch (thrown) {
      this.#isClosing = true;
      for (const worker of started) worker.process.kill('SIGKILL');
      throw thrown;
    }
  }

  async close(drain: DrainOptions | undefined): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#workers].map((worker) => end(worker, drain)));
  }

  #fork(): Worker {
    const worker = cluster.fork({ [WORKERS_VARIABLE]: String(this.count) });
    this.#workers.add(worker);
    worker.once('exit', () => this.#workers.delete(worker));
    return worker;
  }

  #replaceWhenGone(worker: Worker, startedAt: number): void {
    const replace = (): void => {
      if (this.#isClosing) return;
      const ranSound = performance.now() - startedAt > SOUND_MS;
      this.#waitMs = ranSound ? FIRST_WAIT_MS : Math.min(this.#waitMs * 2, LONGEST_WAIT_MS);
      setTimeout(() => {
        if (!this.#isClosing) this.#replaceWhenGone(this.#fork(), performance.now());
      }, this.#waitMs).unref();
    };
    if (worker.isDead()) replace();
    else worker.once('exit', replace);
  }
}

async function whenListening(worker: Worker): Promise<Address> {
  const ended = once(worker, 'exit').then(([code, signal]) => {
    throw new ConfigurationError(
      `serve option "workers": a worker ended before it listened (${signal === null ? `exit code ${code}` : signal})`,
    );
  });
  const listening = once(worker, 'listening') as Promise<
    [{ port: number; address: string | null; addressType: number | string }]
  >;
  const [{ port, address, addressType }] = await Promise.race([listening, ended]);
  const host = address ?? 'localhost';
  return { port, url: `http://${addressType === 6 ? `[${host}]` : host}:${port}` };
}

/** Lets a worker finish what it runs, then asks it to end as an operator would. */
async function end(worker: Worker, drain: DrainOptions | undefined): Promise<void> {
  if (worker.isDead()) return;
  const exited = once(worker, 'exit');
  const closed = new Promise<void>((resolve) => {
    worker.on('message', (message: ClosedMessage) => {
      if (message.mcpExpress === 'closed') resolve();
    });
  });
  worker.send({ mcpExpress: 'close', drain } satisfies CloseMessage, () => {});
  await Promise.race([closed, exited]);
  if (!worker.isDead()) worker.process.kill('SIGTERM');
  if (worker.isConnected()) worker.disconnect();
  const timer = setTimeout(() => worker.process.kill('SIGKILL'), EXIT_MS);
  await exited;
  clearTimeout(timer);
}

/** In a worker: closes when the first process says so. */
export function obeyPrimary(served: Served): void {
  process.on('message', (message: CloseMessage) => {
    if (message?.mcpExpress !== 'close') return;
    void served.close(message.drain).then(() => process.send?.({ mcpExpress: 'closed' } satisfies ClosedMessage));
  });
}
