import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Store } from 'mcp-express';
import type { LmdbStoreOptions } from 'mcp-express/lmdb';
import { onCleanup } from './cleanup.js';

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: string;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(cause: Error): void;
}

/** Limits of a store process. */
export interface ProcessLimits {
  /** The largest file size in bytes, as on a full disk. */
  readonly fileBytes?: number;
  /** The user id of the process; only root can set it. */
  readonly uid?: number;
}

/** The parts of a store whose methods use plain data, so that another process can call them. */
export type AskedStore = Omit<Store, 'counters' | 'ping' | 'close'>;

const PARTS = ['sessions', 'streams', 'subscriptions', 'versions', 'tasks', 'claims', 'leases', 'values', 'bus'];

/** An LMDB store in a process of its own, which can be killed at any time. */
export class StoreProcess {
  #asked = 0;
  readonly #waiting = new Map<number, Waiting>();

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: Reply) => this.#settle(reply));
    child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the process ended'));
      this.#waiting.clear();
    });
  }

  /** @throws Error with the message of the process, if it could not open the store. */
  static async start(options: LmdbStoreOptions, limits: ProcessLimits = {}): Promise<StoreProcess> {
    const child = spawnWith(limits, JSON.stringify(options));
    onCleanup(() => void child.kill('SIGKILL'));
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`the store's process ended with ${code ?? signal}`);
    });
    ended.catch(() => {});
    const [first] = (await Promise.race([once(child, 'message'), ended])) as [{ refused?: string }];
    if (first.refused !== undefined) throw new Error(first.refused);
    return new StoreProcess(child);
  }

  get pid(): number {
    return Number(this.child.pid);
  }

  /** Its store, as if it were local. */
  get store(): AskedStore {
    const part = (name: string) =>
      new Proxy(
        {},
        {
          get: (own, method) =>
            Reflect.get(own, method) ?? ((...args: unknown[]) => this.#ask(name, String(method), args)),
        },
      );
    return Object.fromEntries(PARTS.map((name) => [name, part(name)])) as unknown as AskedStore;
  }

  /** Rejects if the store is not writable. */
  async ping(): Promise<void> {
    await this.#ask('', 'ping', []);
  }

  async close(): Promise<void> {
    await this.#ask('', 'close', []);
    await this.kill();
  }

  async kill(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  #ask(part: string, method: string, args: unknown[]): Promise<unknown> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.child.send({ id, part, method, args }, (cause) => cause && reject(cause));
    });
  }

  #settle({ id, value, failure }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(failure));
  }
}

const PROGRAM = join(import.meta.dirname, 'run-store.mjs');

function spawnWith({ fileBytes, uid }: ProcessLimits, options: string): ChildProcess {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const identity = uid === undefined ? {} : { uid, gid: uid };
  if (fileBytes === undefined) return fork(PROGRAM, [options], { env, ...identity });
  // Set in a shell, because a process cannot limit itself; in blocks of 512 bytes.
  const limited = `ulimit -f ${Math.floor(fileBytes / 512)} && exec "$0" "$@"`;
  return fork(PROGRAM, [options], { env, execPath: '/bin/sh', execArgv: ['-c', limited, process.execPath] });
}
