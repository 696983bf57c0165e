import { Connection } from './connection.js';
import { type Addressee, Deadlines } from './deadlines.js';
import { withReason } from './fault.js';
import type { Script } from './script.js';

interface ScriptCall {
  readonly keys: string[];
  readonly arguments: string[];
}

/** What the store uses of a client of the package `redis`: one of `createClient`, `createCluster` or `createSentinel`. */
export interface RedisClient {
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: string, listener: (...args: never[]) => void): unknown;
  evalSha(sha: string, call: ScriptCall): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
  sSubscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  sUnsubscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>;
  xRead(stream: { key: string; id: string }, options: { BLOCK: number; COUNT: number }): Promise<unknown>;
  xRevRange(key: string, start: string, end: string, options: { COUNT: number }): Promise<unknown>;
}

/** One connection for commands: answers within its time or rejects, and is never asked whether it is there. */
export class Commands {
  readonly #deadlines: Deadlines;
  readonly #connection: Connection;
  #wasConnected = false;

  constructor(client: RedisClient, timeoutMs: number) {
    this.#deadlines = new Deadlines(timeoutMs);
    this.#connection = new Connection(client);
    this.#connection.connected.then(
      () => {
        this.#wasConnected = true;
      },
      () => {},
    );
  }

  /** Resolves when Redis was reached for the first time. */
  connected(): Promise<void> {
    return this.#deadlines.limit(this.#connection.connected, this.#connection);
  }

  /** Calls `listener` whenever Redis is there and was not. */
  onThere(listener: () => void): void {
    this.#connection.onThere(listener);
  }

  /** The promise, or a rejection when it takes too long. */
  limit<T>(promise: Promise<T>, to: Addressee): Promise<T> {
    return this.#deadlines.limit(promise, to);
  }

  /** Runs a script where its keys are, in one round trip once Redis knows it. */
  run(script: Script, keys: string[], args: readonly string[]): Promise<unknown> {
    const now = script.timed === true ? [String(Date.now())] : [];
    return this.#deadlines.limit(this.#run(script, { keys, arguments: [...args, ...now] }), this.#connection);
  }

  close(): void {
    this.#deadlines.close();
    this.#connection.close();
  }

  async #run({ sha, text }: Script, call: ScriptCall): Promise<unknown> {
    // Before, a client without a queue refuses, and one with a queue keeps what nobody waits for any more.
    if (!this.#wasConnected) await this.connected();
    const { client } = this.#connection;
    try {
      return await client.evalSha(sha, call);
    } catch (cause) {
      if (!isNotKnown(cause)) throw withReason(cause, this.#connection.fault);
      return client.eval(text, call);
    }
  }
}

function isNotKnown(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('NOSCRIPT');
}
