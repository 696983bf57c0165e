import { setTimeout as delay } from 'node:timers/promises';
import {
  type AppendOutcome,
  type Bus,
  memoryStore,
  type SessionStore,
  type Store,
  type StreamKey,
  type StreamStore,
} from 'mcp-express';

/** Replacements for methods of a store, by part. */
export interface Faults {
  readonly sessions?: Partial<SessionStore>;
  readonly streams?: Partial<StreamStore>;
  readonly bus?: Partial<Bus>;
}

/** A store with replaced methods. */
export function altered(store: Store, faults: Faults): Store {
  return overlaid(store, {
    sessions: overlaid(store.sessions, faults.sessions),
    streams: overlaid(store.streams, faults.streams),
    bus: overlaid(store.bus, faults.bus),
  });
}

function overlaid<T extends object>(base: T, over: Partial<T> = {}): T {
  return new Proxy(base, {
    get: (target, name) => {
      const own = over[name as keyof T];
      if (own !== undefined) return own;
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A store whose appends take a random time of up to `maxMs` milliseconds, as over a network. */
export function slowStore(maxMs: number, store = memoryStore()): Store {
  return altered(store, {
    streams: {
      append: async (...given) => {
        await delay(Math.random() * maxMs);
        return store.streams.append(...given);
      },
    },
  });
}

/** Appends messages to the standalone stream of a session, as a server does. */
export async function say(store: Store, session: string, ...said: unknown[]): Promise<AppendOutcome> {
  const record = await store.sessions.read(session);
  if (record === undefined) throw new Error('no such session');
  const key = { session, stream: record.standalone };
  await store.streams.open(key);
  const events = said.map((each) => ({
    data: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: each } }),
  }));
  return store.streams.append(key, events);
}

/** The connection of one node to a shared store. */
export class Line {
  readonly store: Store;
  readonly #wakes = new Set<() => void>();
  #isCut = false;

  constructor(shared: Store) {
    this.store = {
      sessions: this.#way(shared.sessions),
      streams: overlaid(this.#way(shared.streams), { watch: (key, wake) => this.#watch(shared, key, wake) }),
      subscriptions: this.#way(shared.subscriptions),
      versions: this.#way(shared.versions),
      tasks: this.#way(shared.tasks),
      claims: this.#way(shared.claims),
      leases: this.#way(shared.leases),
      values: this.#way(shared.values),
      bus: overlaid(this.#way(shared.bus), {
        subscribe: (topic, listener) => this.#subscribe(shared, topic, listener),
      }),
      close: async () => {},
    };
  }

  cut(): void {
    this.#isCut = true;
  }

  /** Restores the connection. Bus messages of the meantime are lost; watched streams are woken, as by a reconnecting Redis. */
  mend(): void {
    this.#isCut = false;
    for (const wake of [...this.#wakes]) wake();
  }

  #way<T extends object>(part: T): T {
    return new Proxy(part, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) =>
          this.#isCut ? Promise.reject(new Error('the line is cut')) : Reflect.apply(value, target, given);
      },
    });
  }

  #subscribe({ bus }: Store, topic: string, listener: (message: string) => void): () => void {
    return bus.subscribe(topic, (message) => {
      if (!this.#isCut) listener(message);
    });
  }

  #watch({ streams }: Store, key: StreamKey, wake: () => void): () => void {
    const whenWhole = (): void => {
      if (!this.#isCut) wake();
    };
    this.#wakes.add(whenWhole);
    const unwatch = streams.watch(key, whenWhole);
    return () => {
      this.#wakes.delete(whenWhole);
      unwatch();
    };
  }
}
