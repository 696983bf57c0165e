import { types } from 'node:util';
import { McpError } from '../ground/errors.js';
import { readableSession, readableTask, UNREADABLE } from './readable.js';
import type { Store } from './store.js';

/**
 * The store as all rooms use it: whatever fails in it is `store-unavailable`, which clients are answered with 503, so that no
 * step of any room can forget to say so. A store that cannot answer is no reason to believe that something is not there,
 * and none to blame the client. What the store itself finds wrong with a request, it says as an `McpError` of another code.
 */
export function reachedStore(store: Store): Store {
  const reached: Store = {
    sessions: reachedPart(store.sessions, { touch: readableSession, read: readableSession }),
    streams: reachedPart(store.streams),
    subscriptions: reachedPart(store.subscriptions),
    versions: reachedPart(store.versions),
    tasks: reachedPart(store.tasks, { read: readableTask }),
    claims: reachedPart(store.claims),
    leases: reachedPart(store.leases),
    values: reachedPart(store.values),
    bus: reachedPart(store.bus),
    close: () => store.close(),
  };
  // The counts of budgets have a rule of their own: without them, requests pass.
  const counted = store.counters === undefined ? reached : { ...reached, counters: store.counters };
  return store.ping === undefined ? counted : { ...counted, ping: async () => store.ping?.() };
}

type Step = (...args: never[]) => unknown;

/** What is asked of that which a method resolves with. @throws McpError */
type Checks<T> = { readonly [Name in keyof T]?: (found: unknown) => unknown };

/** Every method of a part. Each is made once, since requests use them. */
function reachedPart<T extends object>(part: T, checks: Checks<T> = {}): T {
  const steps = new Map<PropertyKey, Step>();
  // Not the part itself, which may be frozen: then its methods could not be others.
  const face: T = Object.create(part);
  return new Proxy(face, {
    get(_face, name): unknown {
      const known = steps.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(part, name);
      if (!isStep(value)) return value;
      const check = checks[name as keyof T];
      const step = (...args: never[]): unknown => run(part, name, args, check);
      steps.set(name, step);
      return step;
    },
  });
}

function run(target: object, name: PropertyKey, args: never[], check?: (found: unknown) => unknown): unknown {
  let outcome: unknown;
  try {
    outcome = Reflect.apply(Reflect.get(target, name) as Step, target, args);
  } catch (thrown) {
    return Promise.reject(unavailable(thrown));
  }
  if (!types.isPromise(outcome)) return outcome;
  return check === undefined ? outcome.catch(fail) : outcome.then(check, fail);
}

function isStep(value: unknown): value is Step {
  return typeof value === 'function';
}

function fail(cause: unknown): never {
  throw unavailable(cause);
}

function unavailable(cause: unknown): McpError {
  if (McpError.is(cause)) return cause;
  const text = isNoJson(cause) ? UNREADABLE : 'The store of sessions cannot be reached';
  return new McpError('store-unavailable', text, { cause });
}

/** What a record that is no JSON makes of its store, or of an error of its store. */
function isNoJson(cause: unknown): boolean {
  return cause instanceof SyntaxError || (cause instanceof Error && cause.cause instanceof SyntaxError);
}
