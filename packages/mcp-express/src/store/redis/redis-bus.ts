import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bus } from '../store.js';
import type { Commands, RedisClient } from './client.js';
import { Connection } from './connection.js';
import type { Keys } from './keys.js';
import { isRefusal } from './refusal.js';
import { script } from './script.js';

/** What is kept for nodes that were away for a moment: so many messages, bytes of them, and milliseconds. */
const KEPT = 10_000;
const KEPT_BYTES = 16 * 1024 * 1024;
const KEPT_MS = 5 * 60_000;

/** Messages that one publication takes away at most, so that none is slow for those before it. */
const STEP = 100;

/** What one read brings at most. */
const PAGE = 500;

/** A read waits this long for messages before it is made again, so that a connection that went silent is noticed. */
const BLOCK_MS = 5_000;

/** Waits between the tries of a message that Redis did not take. */
const RETRY_AFTER_MS = [50, 200, 500, 1_000, 2_000];

/** Waits after a read that failed. */
const AWAY_MS = 100;

/**
 * KEYS: bus, its bytes. ARGV: sender, number, topic, message. The newest message is always kept. Bytes are counted anew
 * with the first message of an empty stream.
 */
const PUBLISH = script(`
local bus, sum = KEYS[1], KEYS[2]
local id = redis.call('XADD', bus, '*', 'f', ARGV[1], 'n', ARGV[2], 't', ARGV[3], 'm', ARGV[4])
local length = redis.call('XLEN', bus)
if length == 1 then redis.call('SET', sum, '0') end
local bytes = redis.call('INCRBY', sum, #ARGV[4])
local oldest = now() - ${KEPT_MS}
for _ = 1, ${STEP} do
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
        return void (await this.commands.run(PUBLISH, [this.keys.bus, this.keys.busBytes], args));
      } catch (cause) {
        if (this.#closed) throw cause;
        await delay(waitMs, undefined, { ref: false });
      }
    }
    await this.commands.run(PUBLISH, [this.keys.bus, this.keys.busBytes], args);
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
