import { META } from './meta.js';

/**
 * The members of a protocol object that are protocol objects themselves. `kept` marks a member whose `null` has a
 * meaning. Members without an entry belong to tools and vendors, and are not touched.
 */
export type MemberTree = ReadonlyMap<string, MemberTree | 'kept'>;

/** Builds `Members` from an object. */
export function memberTree(named: Readonly<Record<string, MemberTree | 'kept'>>): MemberTree {
  return new Map(Object.entries(named));
}

const PLAIN: MemberTree = memberTree({});

const CAPABILITIES = memberTree({
  elicitation: PLAIN,
  extensions: PLAIN,
  experimental: PLAIN,
  roots: PLAIN,
  sampling: PLAIN,
  tasks: PLAIN,
});

const PARAMS = memberTree({
  _meta: memberTree({ [META.clientInfo]: PLAIN, [META.clientCapabilities]: CAPABILITIES }),
  capabilities: CAPABILITIES,
  clientInfo: PLAIN,
  context: PLAIN,
  notifications: PLAIN,
});

/** `id: null` is kept, or a request would become a notification and get no answer. */
const MESSAGE = memberTree({ id: 'kept', params: PARAMS, result: memberTree({ _meta: PLAIN }), error: PLAIN });

/**
 * A JSON-RPC message without optional members that are `null`, as libraries of typed languages serialise absent ones.
 * Returns the same object when there are none.
 */
export function withoutNullsInMessage(message: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return withoutNullMembers(message, MESSAGE);
}

/** A protocol object without own members that are `null`. Returns the same object when there are none. */
export function withoutNulls(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return withoutNullMembers(value, PLAIN);
}

/**
 * Removes members that are `null` from `value`, and from its members in `named`. Returns the same object when there are
 * none.
 */
export function withoutNullMembers(
  value: Readonly<Record<string, unknown>>,
  named: MemberTree,
): Readonly<Record<string, unknown>> {
  let copy: Record<string, unknown> | undefined;
  // Hot path: `for…in` avoids the array of `Object.entries`, because hardly any message has such members.
  for (const name in value) {
    const member = value[name];
    if (typeof member !== 'object') continue;
    const below = named.get(name);
    if (below === 'kept') continue;
    if (member === null) {
      copy ??= { ...value };
      delete copy[name];
    } else if (below !== undefined && !Array.isArray(member)) {
      const kept = withoutNullMembers(member as Record<string, unknown>, below);
      if (kept === member) continue;
      copy ??= { ...value };
      copy[name] = kept;
    }
  }
  return copy ?? value;
}
