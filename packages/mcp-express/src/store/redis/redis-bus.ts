import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../store.js';
import type { Commands, RedisClient } from './client.js';
import { Connection } from './connection.js';
import type { Keys } from './keys.js';
import { type Numbered, Publisher } from './publisher.js';
import { isRefusal } from './refusal.js';
import { scriptWhenFull } from './script.js';

/** Limits of the messages kept for nodes that were disconnected for a moment: number, bytes and milliseconds. */
const KEPT = 10_000;
const KEPT_BYTES = 16 * 1024 * 1024;
const KEPT_MS = 5 * 60_000;

/** A batch removes at most as many old messages as it adds, and this many more, so that no batch is slow. */
const STEP = 100;

/** Most messages of one read. */
const PAGE = 500;

/** A read waits this long for messages before the next one, so that a silent connection is noticed. Milliseconds. */
const BLOCK_MS = 5_000;

/** Time between a failed read and the next one. Milliseconds. */
const AWAY_MS = 100;

/**
 * Stores a batch. It also runs when Redis is full: otherwise the end of a session that makes room could not be announced.
 * KEYS: bus, its bytes. ARGV: sender, then number, topic and message of each. The newest message is always kept. The count
 * of bytes starts again with the first message of an empty stream.
 */
const PUBLISH = scriptWhenFull(`
local bus, sum = KEYS[1], KEYS[2]
if redis.call('XLEN', bus) == 0 then redis.call('SET', sum, '0') end
local id, added = nil, 0
for i = 2, #ARGV, 3 do
  id = redis.call('XADD', bus, '*', 'f', ARGV[1], 'n', ARGV[i], 't', ARGV[i + 1], 'm', ARGV[i + 2])
  added = added + #ARGV[i + 2]
end
local length = redis.call('XLEN', bus)
local bytes = redis.call('INCRBY', sum, added)
local oldest = now() - ${KEPT_MS}
for _ = 1, ${STEP} + #ARGV / 3 do
  local first = redis.call('XRANGE', bus, '-', '+', 'COUNT', 1)[1]
  if not first or first[1] == id then break end
  local time = tonumber(string.match(first[1], '^%d+'))
  if length <= ${KEPT} and bytes <= ${KEPT_BYTES} and time >= oldest then break end
  redis.call('XDEL', bus, first[1])
  length = length - 1
  local size = 0
  for i = 1, #first[2], 2 do if first[2][i] == 'm' then size = #first[2][i + 1] end end
  bytes = redis.call('DECRBY', sum, size)
end
if bytes < 0 then redis.call('SET', sum, '0') end
return id
`);

interface Entry {
  readonly id: string;
  readonly message: Readonly<Record<string, string>>;
}

/**
 * Messages between nodes, in a Redis stream that each node reads from its last position: a node that lost its connection
 * for a moment misses none. Messages of one sender are stored in the order of their numbers. A message that may have been
 * stored is sent again; listeners receive it once.
 */
export class RedisBus implements Bus {
  readonly #listeners = new Map<string, Set<(message: string) => void>>();
  readonly #sender = randomUUID();
  /** The last number received from each sender. */
  readonly #heard = new Map<string, number>();
  readonly #connection: Connection;
  readonly #publisher: Publisher;
  #closed = false;
  #position: string | undefined;
  #refusal: unknown;

  constructor(
    private readonly commands: Commands,
    client: RedisClient,
    private readonly keys: Keys,
  ) {
    this.#connection = new Connection(client);
    this.#publisher = new Publisher((batch) => this.#send(batch));
    void this.#listen();
  }

  publish(topic: string, message: string): Promise<void> {
    return this.#publisher.publish(topic, message);
  }

  subscribe(topic: string, listener: (message: string) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** The error with which Redis refused the last read; `undefined` if it did not. */
  get refusal(): unknown {
    return this.#refusal;
  }

  close(): void {
    this.#closed = true;
    this.#publisher.close();
    this.#listeners.clear();
    this.#connection.close();
  }

  #send(batch: readonly Numbered[]): Promise<unknown> {
    const args = batch.flatMap(({ number, topic, message }) => [String(number), topic, message]);
    return this.commands.run(PUBLISH, [this.keys.bus, this.keys.busBytes], [this.#sender, ...args]);
  }

  async #listen(): Promise<void> {
    await this.#connection.connected.catch(() => {});
    while (!this.#closed) {
      try {
        // Listeners may not understand the messages of another version.
        if (this.#position === undefined) await this.commands.assertFit();
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
    // A batch whose answer was lost is sent again, although it may have been stored.
    if (number <= (this.#heard.get(sender) ?? 0)) return;
    this.#heard.set(sender, number);
    for (const listener of this.#listeners.get(topic) ?? []) listener(message);
  }
}
