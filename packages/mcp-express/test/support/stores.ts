import { setTimeout as delay } from 'node:timers/promises';
import { type Appended, type Bus, memoryStore, type SessionStore, type Store, type StreamStore } from 'mcp-express';

export interface Faults {
  readonly sessions?: Partial<SessionStore>;
  readonly streams?: Partial<StreamStore>;
  readonly bus?: Partial<Bus>;
}

/** A store whose named methods are other ones; the rest goes through. */
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

/** Appends take from 0 to `maxMs` milliseconds, at random, as over a network. */
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

/** Puts messages on a session's own stream, as a server that has something to say. */
export async function say(store: Store, session: string, ...said: unknown[]): Promise<Appended> {
  const record = await store.sessions.read(session);
  if (record === undefined) throw new Error('no such session');
  const key = { session, stream: record.standalone };
  await store.streams.open(key);
  const events = said.map((each) => ({
    data: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: each } }),
  }));
  return store.streams.append(key, events);
}
