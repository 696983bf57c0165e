import { META } from './meta.js';

/**
 * The members of an object that are objects of the protocol themselves; `kept` for a member whose `null` means something.
 * What is not named here belongs to tools and vendors, and is left alone.
 */
export type Members = ReadonlyMap<string, Members | 'kept'>;

export function members(named: Readonly<Record<string, Members | 'kept'>>): Members {
  return new Map(Object.entries(named));
}

const PLAIN: Members = members({});

const CAPABILITIES = members({
  elicitation: PLAIN,
  extensions: PLAIN,
  experimental: PLAIN,
  roots: PLAIN,
  sampling: PLAIN,
  tasks: PLAIN,
});

const PARAMS = members({
  _meta: members({ [META.clientInfo]: PLAIN, [META.clientCapabilities]: CAPABILITIES }),
  capabilities: CAPABILITIES,
  clientInfo: PLAIN,
  context: PLAIN,
  notifications: PLAIN,
});

/** A request with the id `null` is not a notification, which would never be answered. */
const MESSAGE = members({ id: 'kept', params: PARAMS, result: members({ _meta: PLAIN }), error: PLAIN });

/**
 * A JSON-RPC message without the optional members that are `null`: libraries of typed languages write an absent member so.
 * The same object when there are none.
 */
export function withoutAbsent(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return present(message, MESSAGE);
}

/** An object of the protocol without its own members that are `null`. */
export function withoutNulls(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return present(value, PLAIN);
}

/** `value` without the members that are `null`, and the named ones without theirs; the same object when there are none. */
export function present(value: Readonly<Record<string, unknown>>, named: Members): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  // Not `Object.entries`: every message comes here, and next to none has such members.
  for (const name in value) {
    const member = value[name];
    if (typeof member !== 'object') continue;
    const below = named.get(name);
    if (below === 'kept') continue;
    if (member === null) {
      copy ??= { ...value };
      delete copy[name];
    } else if (below !== undefined && !Array.isArray(member)) {
      const kept = present(member as Record<string, unknown>, below);
      if (kept === member) continue;
      copy ??= { ...value };
      copy[name] = kept;
    }
  }
  return copy ?? value;
}
