import type { Principal } from '../../auth/principal.js';
import { McpError } from '../../ground/errors.js';
import type { JsonRpcRequest } from '../../ground/json-rpc.js';
import { isScope } from '../../ground/scope.js';
import type { McpServer } from '../../server/mcp-server.js';
import type { TaskRecord } from '../../store/store.js';

/** Makes the refusal of a caller whose scopes are too few: with a challenge, where somebody knows how to get more. */
export type RefuseScopes = (granted: readonly string[], needed: readonly string[]) => McpError;

/** A refusal that names the scopes, for authentication that was done elsewhere (RFC 6750, section 3.1). */
const plainRefusal: RefuseScopes = (granted, needed) => {
  // What other authentication left may hold what a header must not.
  const scope = [...new Set([...granted, ...needed])].filter(isScope).join(' ');
  return new McpError('insufficient-scope', 'The call needs scopes that the caller does not have', {
    data: { requiredScopes: needed },
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
};

/** What is kept of a call, with the scopes of its caller. */
type WithScopes = Pick<TaskRecord, 'scopes'>;

/** The scopes of a caller, as they are kept with what comes of its call. */
export function scopesOf(principal: Principal | undefined): WithScopes {
  const scopes = principal?.scopes?.join(' ') ?? '';
  return scopes === '' ? {} : { scopes };
}

/** True when the caller has at least the scopes that it was made with. */
export function covers(principal: Principal | undefined, kept: WithScopes): boolean {
  return scopesIn(kept).every((scope) => principal?.scopes?.includes(scope) === true);
}

function scopesIn({ scopes }: WithScopes): readonly string[] {
  return scopes?.split(' ') ?? [];
}

/** What a tool needs its caller to have been granted, asked before anything of it runs. */
export class ScopeGate {
  constructor(
    private readonly server: McpServer,
    private readonly refuse: RefuseScopes = plainRefusal,
  ) {}

  /** @throws McpError `insufficient-scope`, or `unauthorized` for a caller who did not sign in at all. */
  assert({ method, params }: JsonRpcRequest, principal: Principal | undefined): void {
    const name = params?.['name'];
    if (method !== 'tools/call' || typeof name !== 'string') return;
    const needed = this.server.catalog.tools.find(name, principal)?.scopes ?? [];
    if (needed.length === 0) return;
    if (principal === undefined) throw new McpError('unauthorized', 'The call needs a caller who has signed in');
    this.#assertGranted(needed, principal.scopes ?? []);
  }

  /**
   * What was made with the scopes of one token is not given to a narrower token of the same principal: it may hold what that
   * token could not have asked for.
   *
   * @throws McpError `insufficient-scope`
   */
  assertCovers(kept: WithScopes, principal: Principal | undefined): void {
    this.#assertGranted(scopesIn(kept), principal?.scopes ?? []);
  }

  #assertGranted(needed: readonly string[], granted: readonly string[]): void {
    if (!needed.every((scope) => granted.includes(scope))) throw this.refuse(granted, needed);
  }
}
