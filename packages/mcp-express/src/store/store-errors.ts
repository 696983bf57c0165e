import { types } from 'node:util';
import { McpError } from '../protocol/errors.js';
import { readableSession, readableTask, UNREADABLE } from './readable.js';
import type { Store } from './store.js';

/**
 * Wraps a store so that every failure is an `McpError` `store-unavailable`, which clients get as 503. A failed read
 * therefore never looks like an absent record, nor like a fault of the client. An `McpError` that the store itself
 * throws, for a request that it refuses, passes unchanged.
 */
export function orStoreUnavailable(store: Store): Store {
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
  // Rate limits handle failed counters themselves: they let requests pass.
  const counted = store.counters === undefined ? reached : { ...reached, counters: store.counters };
  return store.ping === undefined ? counted : { ...counted, ping: async () => store.ping?.() };
}

type Step = (...args: never[]) => unknown;

/** Checks of the values that methods resolve with. @throws McpError */
type Checks<T> = { readonly [Name in keyof T]?: (found: unknown) => unknown };

/** Wraps the methods of a part. Each wrapper is made once, because every request uses them. */
function reachedPart<T extends object>(part: T, checks: Checks<T> = {}): T {
  const steps = new Map<PropertyKey, Step>();
  // A proxy of the part itself could not replace its methods if it is frozen.
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

/** A record that is not JSON causes a SyntaxError, directly or as the cause of an error of the store. */
function isNoJson(cause: unknown): boolean {
  return cause instanceof SyntaxError || (cause instanceof Error && cause.cause instanceof SyntaxError);
}
