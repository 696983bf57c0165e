import { isScope } from '../protocol/scope.js';

/** The scopes of a claim: a text with spaces between (`scope`), or a list (`scp` and others). */
export function scopesOf(claim: unknown): string[] | undefined {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope) => typeof scope === 'string') : undefined;
}

/** Asks for a refresh token, which no resource needs: MCP servers should not put it into a challenge. */
const NOT_OF_A_RESOURCE = 'offline_access';

/** What a challenge asks for: each scope once, in the order given. What cannot be written in a header is left out. */
export function unionOf(...lists: readonly (readonly string[])[]): string[] {
  const all = new Set(lists.flat());
  return [...all].filter((scope) => isScope(scope) && scope !== NOT_OF_A_RESOURCE);
}

export function missingFrom(granted: readonly string[], needed: readonly string[]): boolean {
  return needed.some((scope) => !granted.includes(scope));
}

/** The broader scope, and those it stands for. */
export type ImpliedScopes = Readonly<Record<string, readonly string[]>>;

/** The scopes and all that they imply, directly or through others. */
export function withImplied(granted: readonly string[], implied: ImpliedScopes): readonly string[] {
  const all = new Set(granted);
  // A set also iterates over what is added meanwhile.
  for (const scope of all) {
    if (!Object.hasOwn(implied, scope)) continue;
    for (const narrower of implied[scope] ?? []) all.add(narrower);
  }
  return [...all];
}
