import { Connection } from './connection.js';
import { type Addressee, Deadlines } from './deadlines.js';
import { withReason } from './fault.js';
import { assertFormat, foreign, isForeign, LOOK, REDIS_FORMAT } from './format-gate.js';
import type { Script } from './script.js';

interface ScriptCall {
  readonly keys: string[];
  readonly arguments: string[];
}

/**
 * The methods that the store uses of a client of the package `redis`: one of `createClient`, `createCluster` or
 * `createSentinel`.
 */
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

/**
 * The connection for commands. Each command settles within the timeout. After each connect and reconnect, nothing is
 * read or written before the format of the store is known to be readable.
 */
export class Commands {
  readonly #deadlines: Deadlines;
  readonly #connection: Connection;
  #wasConnected = false;
  #isFit = false;
  #looking: Promise<void> | undefined;
  /** Counts connections: a format seen through an earlier connection does not hold for this one. */
  #connections = 0;

  /** @param formatKey the key that records the format of the data. */
  constructor(
    client: RedisClient,
    timeoutMs: number,
    private readonly formatKey: string,
  ) {
    this.#deadlines = new Deadlines(timeoutMs);
    this.#connection = new Connection(client);
    this.#connection.onThere(() => {
      this.#connections += 1;
      this.#isFit = false;
    });
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

  /** Calls `listener` after each connect and reconnect. */
  onThere(listener: () => void): void {
    this.#connection.onThere(listener);
  }

  /** Rejects when `promise` takes longer than the timeout. */
  limit<T>(promise: Promise<T>, to: Addressee): Promise<T> {
    return this.#deadlines.limit(promise, to);
  }

  /** Resolves when the store is of a format that this release reads. @throws WrongFormat */
  assertFit(): Promise<void> {
    return this.#deadlines.limit(this.#look(), this.#connection);
  }

  /** Runs a script on the server of its keys: one round trip once Redis has it cached. */
  run(script: Script, keys: string[], args: readonly string[]): Promise<unknown> {
    const now = script.timed === true ? [String(Date.now())] : [];
    const call = { keys, arguments: [...args, ...now] };
    const running = this.#isFit || script.ungated ? this.#run(script, call) : this.#runIfFit(script, call);
    return this.#deadlines.limit(running, this.#connection);
  }

  close(): void {
    this.#deadlines.close();
    this.#connection.close();
  }

  async #runIfFit(script: Script, call: ScriptCall): Promise<unknown> {
    await this.#look();
    return this.#run(script, call);
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookAtFormat().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookAtFormat(): Promise<void> {
    const { writes, reads } = REDIS_FORMAT;
    const connection = this.#connections;
    const call = { keys: [this.formatKey], arguments: [String(writes), String(reads[0])] };
    const found = await this.#deadlines.limit(this.#run(LOOK, call), this.#connection);
    assertFormat(String(found), this.formatKey);
    this.#isFit = connection === this.#connections;
  }

  async #run({ sha, text }: Script, call: ScriptCall): Promise<unknown> {
    // Before the first connect, a client without a queue refuses commands, and one with a queue keeps them after their
    // callers have given up.
    if (!this.#wasConnected) await this.connected();
    const { client } = this.#connection;
    try {
      return await client.evalSha(sha, call);
    } catch (cause) {
      if (!isNotKnown(cause)) throw this.#explained(cause);
      return client.eval(text, call).catch((failure: unknown) => Promise.reject(this.#explained(failure)));
    }
  }

  #explained(cause: unknown): unknown {
    return isForeign(cause) ? foreign(cause) : withReason(cause, this.#connection.fault);
  }
}

function isNotKnown(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('NOSCRIPT');
}
