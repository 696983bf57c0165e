import { setTimeout as delay } from 'node:timers/promises';
import type { SessionId, StreamId, StreamKey } from '../store.js';
import type { RedisClient } from './client.js';
import { backOff, Connection } from './connection.js';
import type { Keys } from './keys.js';

/** The callbacks of the readers that watch a stream on this node. */
class Watchers extends Set<() => void> {
  #lastId: string | undefined;
  /** Whether the stream has ended, and was read and delivered to its end: then no reader need be attached. */
  isDone = false;

  /** Records the last event of an ended stream, which was just read; `undefined` when no event was left to read. */
  endsWith(id: string | undefined): void {
    this.#lastId = id;
    this.isDone ||= id === undefined;
  }

  delivered(id: string): void {
    this.isDone ||= id === this.#lastId;
  }
}

type Streams = Map<StreamId, Watchers>;

/** Each reader is also woken once in this many rounds, so that an event whose notification was lost is late, not lost. */
const ROUNDS = 15;

/** Time between rounds. Milliseconds. */
const ROUND_MS = 1_000;

function ignored(): void {}

/**
 * Wakes the readers of a stream when it changes. Writes of other nodes arrive on one channel per session, subscribed only
 * while a reader of this node watches.
 */
export class StreamNotifications {
  /** Watched streams by channel. */
  readonly #sessions = new Map<string, Streams>();
  readonly #ignored = new Set<string>();
  readonly #connection: Connection;
  readonly #timer: NodeJS.Timeout;
  /** The sessions that this pass of rounds has not woken yet. */
  #left: Iterator<Streams> = [].values();
  #probing: Promise<void> | undefined;

  constructor(
    client: RedisClient,
    private readonly keys: Keys,
  ) {
    this.#connection = new Connection(client);
    // Notifications published while the connection was lost did not arrive.
    this.#connection.onThere(() => {
      for (const streams of this.#sessions.values()) wakeEach(streams);
    });
    this.#timer = setInterval(() => this.#round(), ROUND_MS).unref();
  }

  /** The reason why there is no connection, if known; `undefined` while there is one. */
  get fault(): unknown {
    return this.#connection.fault;
  }

  /** Rejects when the user may not subscribe to the channel. */
  probe(channel: string): Promise<void> {
    this.#probing ??= this.#probe(channel).finally(() => {
      this.#probing = undefined;
    });
    return this.#probing;
  }

  /** Ignores notifications of this writer: its node calls `wake` itself. */
  ignore(writer: string): void {
    this.#ignored.add(writer);
  }

  /**
   * Calls `wake` at each change of a stream.
   *
   * @param left called when the last reader of this node has left a stream that was not read to its end.
   * @returns a function that stops watching.
   */
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

  /** Wakes a part of the sessions each time, so that thousands of idle streams are not read at once. */
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
        // Before it is connected, a cluster client does not know the node of a channel.
        await connected;
        await client.sSubscribe(channel, this.#onMessage);
        // Events may have been appended before the subscription took effect.
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
