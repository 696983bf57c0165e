import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { ConfigurationError } from '../protocol/errors.js';
import type { DrainOptions } from '../util/drains.js';
import { WORKERS_VARIABLE } from '../util/workers.js';
import type { Served } from './serve.js';

/** A message of the first process to a worker. */
interface CloseMessage {
  readonly mcpExpress: 'close';
  readonly drain: DrainOptions | undefined;
}

interface ClosedMessage {
  readonly mcpExpress: 'closed';
}

/** Milliseconds that a drained worker has to exit by itself, for example to close its store. */
const EXIT_MS = 5_000;

/**
 * Milliseconds before a worker that exited is replaced, doubled up to the second, so that a failing program is not
 * restarted in a tight loop.
 */
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;
/** A worker that ran for this long, in milliseconds, resets the pause. */
const SOUND_MS = 60_000;

/**
 * Starts this program again as `count` workers that share a port, and resolves when all of them listen. Workers that exit
 * are replaced.
 *
 * @throws ConfigurationError (as a rejection) if a worker exits before it listens; the worker itself has printed the
 *   reason.
 */
export async function serveByWorkers(count: number): Promise<Served> {
  const pool = new Pool(count);
  const address = await pool.start();
  let closing: Promise<void> | undefined;
  return {
    // Only the workers listen.
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

/** Lets a worker finish its requests, then terminates it with SIGTERM, as an operator would. */
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

/** In a worker: closes the server when the first process sends a request to do so. */
export function obeyPrimary(served: Served): void {
  process.on('message', (message: CloseMessage) => {
    if (message?.mcpExpress !== 'close') return;
    void served.close(message.drain).then(() => process.send?.({ mcpExpress: 'closed' } satisfies ClosedMessage));
  });
}
