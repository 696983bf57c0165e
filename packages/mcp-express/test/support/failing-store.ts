import { memoryStore, type Store } from 'mcp-express';

/** The way a method fails: by a rejected promise, or by a synchronous exception. */
export type Failure = 'rejects' | 'throws';

type Parts = Omit<Required<Store>, 'ping' | 'close' | 'counters'>;

type Names<Part> = { readonly [Name in keyof Required<Part>]: true };

/**
 * Every method of the contract that can fail; the compiler reports missing ones. Excluded are methods that only register, and
 * `ids`, which no request uses.
 */
const METHODS: { readonly [Part in keyof Parts]: Omit<Names<Parts[Part]>, 'watch' | 'subscribe' | 'ids'> } = {
  sessions: {
    create: true,
    touch: true,
    read: true,
    setLogLevel: true,
    swapLists: true,
    hold: true,
    release: true,
    delete: true,
    count: true,
    takeExpired: true,
  },
  streams: { open: true, append: true, settle: true, read: true, delivered: true, end: true, drop: true },
  subscriptions: { add: true, remove: true, mark: true, take: true },
  versions: { bump: true, read: true },
  tasks: { create: true, read: true, update: true, delete: true, count: true },
  claims: { claim: true },
  leases: { hold: true, isHeld: true, missedFor: true, release: true },
  values: { agree: true },
  bus: { publish: true },
};

/** A method of the store, as `part.method`. */
export type Step = `${keyof Parts}.${string}`;

/** All methods of the store. */
export const STEPS: readonly Step[] = Object.entries(METHODS).flatMap(([part, methods]) =>
  Object.keys(methods).map((method) => `${part}.${method}` as Step),
);

/** A store with one method that fails while the store is `down`. */
export function failingStore(step: Step, how: Failure) {
  const inner = memoryStore();
  const state = { down: false, failures: 0 };
  const [failingPart, failingMethod] = step.split('.');
  const fail = (): Promise<never> => {
    state.failures += 1;
    const cause = new Error('connection to 10.0.0.7 refused');
    if (how === 'throws') throw cause;
    return Promise.reject(cause);
  };
  const part = <T extends object>(base: T, name: string): T =>
    new Proxy(base, {
      get: (target, method) => {
        if (state.down && name === failingPart && method === failingMethod) return fail;
        const value: unknown = Reflect.get(target, method, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const store: Store = {
    sessions: part(inner.sessions, 'sessions'),
    streams: part(inner.streams, 'streams'),
    subscriptions: part(inner.subscriptions, 'subscriptions'),
    versions: part(inner.versions, 'versions'),
    tasks: part(inner.tasks, 'tasks'),
    claims: part(inner.claims, 'claims'),
    leases: part(inner.leases, 'leases'),
    values: part(inner.values, 'values'),
    bus: part(inner.bus, 'bus'),
    close: () => inner.close(),
  };
  return { store, state, inner };
}
