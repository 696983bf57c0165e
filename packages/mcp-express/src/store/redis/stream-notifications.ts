import { setTimeout as delay } from 'node:timers/promises';
import type { SessionId, StreamId, StreamKey } from '../store.js';
import type { RedisClient } from './client.js';
import { backOff, Connection } from './connection.js';
import type { Keys } from './keys.js';

/** Who watches a stream on this node. */
class Watchers extends Set<() => void> {
  #lastId: string | undefined;
  /** The stream has ended, and was read and delivered to its end: there is nothing left to be attached to. */
  isDone = false;

  /** The stream ends with this event, which was read just now; `undefined` when nothing was left to be read. */
  endsWith(id: string | undefined): void {
    this.#lastId = id;
    this.isDone ||= id === undefined;
  }

  delivered(id: string): void {
    this.isDone ||= id === this.#lastId;
  }
}

type Streams = Map<StreamId, Watchers>;

/** Each reader also looks by itself once in so many rounds, so that what it was not woken for is late but not lost. */
const ROUNDS = 15;

const ROUND_MS = 1_000;

function ignored(): void {}

/**
 * Tells who watches a stream that it has changed. What other nodes write is heard on one channel per session, which is
 * listened to only while somebody here watches.
 */
export class StreamNotifications {
  /** By channel. */
  readonly #sessions = new Map<string, Streams>();
  readonly #ignored = new Set<string>();
  readonly #connection: Connection;
  readonly #timer: NodeJS.Timeout;
  /** Those that are left to be looked at. */
  #left: Iterator<Streams> = [].values();
  #probing: Promise<void> | undefined;

  constructor(
    client: RedisClient,
    private readonly keys: Keys,
  ) {
    this.#connection = new Connection(client);
    // What was said while the connection was away was heard by nobody.
    this.#connection.onThere(() => {
      for (const streams of this.#sessions.values()) wakeEach(streams);
    });
    this.#timer = setInterval(() => this.#round(), ROUND_MS).unref();
  }

  /** Why there is no connection to listen by. */
  get fault(): unknown {
    return this.#connection.fault;
  }

  /** Rejects when this connection may not listen to the channel. */
  probe(channel: string): Promise<void> {
    this.#probing ??= this.#probe(channel).finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /** What this writer writes is told here directly. */
  ignore(writer: string): void {
    this.#ignored.add(writer);
  }

  /** @param left called when the last one has left a stream that was not read to its end. */
  watch({ session, stream }: StreamKey, wake: () => void, left: () => void): () => void {
    const channel = this.keys.channel(session);
    const streams = this.#sessions.get(channel) ?? this.#listenTo(channel);
    const watchers = streams.get(stream) ?? new Watchers();
    streams.set(stream, watchers.add(wake));
    return () => {
      watchers.delete(wake);
      if (watchers.size > 0 || streams.get(stream) !== watchers) return;
      streams.delete(stream);
      if (!watchers.isDone) left();
      if (streams.size === 0 && this.#sessions.get(channel) === streams) this.#leave(channel);
    };
  }

  watchersOf({ session, stream }: StreamKey): Watchers | undefined {
    return this.#sessions.get(this.keys.channel(session))?.get(stream);
  }

  wake({ session, stream }: StreamKey): void {
    this.#wake(this.keys.channel(session), stream);
  }

  wakeAll(session: SessionId): void {
    const streams = this.#sessions.get(this.keys.channel(session));
    if (streams !== undefined) wakeEach(streams);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#sessions.clear();
    this.#connection.close();
  }

  async #probe(channel: string): Promise<void> {
    const { client, connected } = this.#connection;
    await connected;
    await client.sSubscribe(channel, ignored);
    await client.sUnsubscribe(channel, ignored);
  }

  /** A few each time, so that thousands of quiet streams do not ask at once. */
  #round(): void {
    for (let count = Math.ceil(this.#sessions.size / ROUNDS); count > 0; count -= 1) {
      const next = this.#left.next();
      if (next.done === true) {
        this.#left = this.#sessions.values();
        return;
      }
      wakeEach(next.value);
    }
  }

  #listenTo(channel: string): Streams {
    const streams: Streams = new Map();
    this.#sessions.set(channel, streams);
    void this.#subscribe(channel, streams);
    return streams;
  }

  async #subscribe(channel: string, streams: Streams): Promise<void> {
    const { client, connected } = this.#connection;
    for (let tries = 0; this.#sessions.get(channel) === streams; tries += 1) {
      try {
        // Before, a cluster does not know where the channel is.
        await connected;
        await client.sSubscribe(channel, this.#onMessage);
        // What was written while the subscription was on its way.
        wakeEach(streams);
        break;
      } catch {
        await delay(backOff(tries), undefined, { ref: false });
      }
    }
    if (!this.#sessions.has(channel)) this.#leave(channel);
  }

  #leave(channel: string): void {
    this.#sessions.delete(channel);
    this.#connection.client.sUnsubscribe(channel, this.#onMessage).catch(() => {});
  }

  #wake(channel: string, stream: StreamId): void {
    for (const wake of this.#sessions.get(channel)?.get(stream) ?? []) wake();
  }

  readonly #onMessage = (message: string, channel: string): void => {
    const [writer = '', stream = ''] = message.split(' ');
    if (!this.#ignored.has(writer)) this.#wake(channel, stream);
  };
}

function wakeEach(streams: Streams): void {
  for (const watchers of streams.values()) for (const wake of watchers) wake();
}
