import type { SessionId, StreamId, StreamKey } from '../store.js';
import type { RedisClient } from './client.js';
import { isOpen } from './client.js';
import type { Keys } from './keys.js';

type Streams = Map<StreamId, Set<() => void>>;

/**
 * Tells who watches a stream that it has changed. What other nodes write is heard on one channel per session, which is
 * listened to only while somebody here watches.
 */
export class Wakes {
  /** By channel. */
  readonly #sessions = new Map<string, Streams>();
  readonly #ignored = new Set<string>();

  constructor(
    private readonly client: RedisClient,
    private readonly keys: Keys,
  ) {
    client.on('error', () => {});
    // What was said while the connection was away was heard by nobody.
    client.on('ready', () => {
      for (const streams of this.#sessions.values()) wakeEach(streams);
    });
    client.connect().catch(() => {});
  }

  /** What this writer writes is told here directly. */
  ignore(writer: string): void {
    this.#ignored.add(writer);
  }

  watch({ session, stream }: StreamKey, wake: () => void): () => void {
    const channel = this.keys.channel(session);
    const streams = this.#sessions.get(channel) ?? this.#listenTo(channel);
    const watchers = streams.get(stream) ?? new Set();
    streams.set(stream, watchers.add(wake));
    return () => {
      watchers.delete(wake);
      if (watchers.size > 0 || streams.get(stream) !== watchers) return;
      streams.delete(stream);
      if (streams.size === 0 && this.#sessions.get(channel) === streams) this.#leave(channel);
    };
  }

  wake({ session, stream }: StreamKey): void {
    this.#wake(this.keys.channel(session), stream);
  }

  wakeAll(session: SessionId): void {
    const streams = this.#sessions.get(this.keys.channel(session));
    if (streams !== undefined) wakeEach(streams);
  }

  close(): void {
    this.#sessions.clear();
    if (isOpen(this.client)) this.client.destroy();
  }

  #listenTo(channel: string): Streams {
    const streams: Streams = new Map();
    this.#sessions.set(channel, streams);
    this.client.sSubscribe(channel, this.#onMessage).then(
      // What was written while the subscription was on its way.
      () => wakeEach(streams),
      () => {},
    );
    return streams;
  }

  #leave(channel: string): void {
    this.#sessions.delete(channel);
    this.client.sUnsubscribe(channel, this.#onMessage).catch(() => {});
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
