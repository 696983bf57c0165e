import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../store.js';
import type { Commands, RedisClient } from './client.js';
import { Connection } from './connection.js';
import type { Keys } from './keys.js';
import { isRefusal } from './refusal.js';
import { script } from './script.js';

/** Messages kept for nodes that were away for a moment. */
const KEPT = 10_000;

/** What one read brings at most. */
const PAGE = 500;

/** A read waits this long for messages before it is made again, so that a connection that went silent is noticed. */
const BLOCK_MS = 5_000;

/** Waits between the tries of a message that Redis did not take. */
const RETRY_AFTER_MS = [50, 200, 500, 1_000, 2_000];

/** Waits after a read that failed. */
const AWAY_MS = 100;

/** KEYS: bus. ARGV: sender, number, topic, message. */
const PUBLISH = script(`
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ${KEPT}, '*', 'f', ARGV[1], 'n', ARGV[2], 't', ARGV[3], 'm', ARGV[4])
`);

interface Entry {
  readonly id: string;
  readonly message: Readonly<Record<string, string>>;
}

/**
 * Messages between nodes, in a stream that every node reads from where it was: one that was away for a moment, or whose
 * Redis was, has missed nothing. A message that may have been taken is sent again, and heard once.
 */
export class RedisBus implements Bus {
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  readonly #sender = randomUUID();
  /** The last number heard of each sender. */
  readonly #heard = new Map<string, number>();
  readonly #connection: Connection;
  #sent = 0;
  #closed = false;
  #position: string | undefined;
  #refusal: unknown;

  constructor(
    private readonly commands: Commands,
    client: RedisClient,
    private readonly keys: Keys,
  ) {
    this.#connection = new Connection(client);
    void this.#listen();
  }

  async publish(topic: string, message: string): Promise<void> {
    this.#sent += 1;
    const args = [this.#sender, String(this.#sent), topic, message];
    for (const waitMs of RETRY_AFTER_MS) {
      try {
        return void (await this.commands.run(PUBLISH, [this.keys.bus], args));
      } catch (cause) {
        if (this.#closed) throw cause;
        await delay(waitMs, undefined, { ref: false });
      }
    }
    await this.commands.run(PUBLISH, [this.keys.bus], args);
  }

  subscribe(topic: string, listener: (message: string) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Why Redis does not let this node hear the others; nothing when it does. */
  get refusal(): unknown {
    return this.#refusal;
  }

  close(): void {
    this.#closed = true;
    this.#listeners.clear();
    this.#connection.close();
  }

  async #listen(): Promise<void> {
    await this.#connection.connected.catch(() => {});
    while (!this.#closed) {
      try {
        this.#position ??= await this.#newest();
        for (const entry of await this.#read(this.#position)) this.#hear(entry);
        this.#refusal = undefined;
      } catch (cause) {
        this.#refusal = isRefusal(cause) ? cause : undefined;
        await delay(AWAY_MS, undefined, { ref: false });
      }
    }
  }

  async #newest(): Promise<string> {
    const [last] = (await this.#connection.client.xRevRange(this.keys.bus, '+', '-', { COUNT: 1 })) as Entry[];
    return last?.id ?? '0-0';
  }

  async #read(position: string): Promise<readonly Entry[]> {
    const read = await this.#connection.client.xRead(
      { key: this.keys.bus, id: position },
      { BLOCK: BLOCK_MS, COUNT: PAGE },
    );
    const [stream] = (read ?? []) as { messages: Entry[] }[];
    return stream?.messages ?? [];
  }

  #hear({ id, message: { f: sender = '', n, t: topic = '', m: message = '' } }: Entry): void {
    this.#position = id;
    const number = Number(n);
    // Retries may overtake what was sent after them.
    if (number <= (this.#heard.get(sender) ?? 0)) return;
    this.#heard.set(sender, number);
    for (const listener of this.#listeners.get(topic) ?? []) listener(message);
  }
}
