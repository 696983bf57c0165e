import { isScope } from '../protocol/scope.js';

/** The scopes of a claim: a space-separated string (`scope`), or a list (`scp` and others). */
export function scopesOf(claim: unknown): string[] | undefined {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope) => typeof scope === 'string') : undefined;
}

/** The scope that requests a refresh token. MCP servers should not put it into a challenge, because no resource needs it. */
const REFRESH_SCOPE = 'offline_access';

/** The scopes for a challenge: each once, in order, without those that a header cannot contain. */
export function unionOf(...lists: readonly (readonly string[])[]): string[] {
  const all = new Set(lists.flat());
  return [...all].filter((scope) => isScope(scope) && scope !== REFRESH_SCOPE);
}

/** True if any needed scope is not granted. */
export function missingFrom(granted: readonly string[], needed: readonly string[]): boolean {
  return needed.some((scope) => !granted.includes(scope));
}

/** Scopes by the broader scope that includes them. */
export type ImpliedScopes = Readonly<Record<string, readonly string[]>>;

/** The scopes and all that they imply, directly or indirectly. */
export function withImplied(granted: readonly string[], implied: ImpliedScopes): readonly string[] {
  const all = new Set(granted);
  // A set also iterates over members added during the iteration.
  for (const scope of all) {
    if (!Object.hasOwn(implied, scope)) continue;
    for (const narrower of implied[scope] ?? []) all.add(narrower);
  }
  return [...all];
}
