import type { Principal } from '../auth/principal.js';
import { McpError } from '../protocol/errors.js';
import type { JsonRpcRequest } from '../protocol/json-rpc.js';
import { isScope } from '../protocol/scope.js';
import type { Viewer } from '../registry/visibility.js';
import type { TaskRecord } from '../store/store.js';
import type { McpServer } from './mcp-server.js';

/** Creates the error for missing scopes, with a challenge if authentication is configured. */
export type RefuseScopes = (granted: readonly string[], needed: readonly string[]) => McpError;

/** The error when the application authenticates: it names the scopes (RFC 6750, section 3.1). */
const plainRefusal: RefuseScopes = (granted, needed) => {
  // Scopes set by the application may contain characters that are invalid in a header.
  const scope = [...new Set([...granted, ...needed])].filter(isScope).join(' ');
  return new McpError('insufficient-scope', 'The call needs scopes that the caller does not have', {
    data: { requiredScopes: needed },
    headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });
};

/** A stored record with the scopes of the caller who created it. */
type WithScopes = Pick<TaskRecord, 'scopes'>;

/** The scopes of a principal in their stored form. */
export function scopesOf(principal: Principal | undefined): WithScopes {
  const scopes = principal?.scopes?.join(' ') ?? '';
  return scopes === '' ? {} : { scopes };
}

/** Whether the principal has all scopes with which the record was created. */
export function coversScopes(principal: Principal | undefined, kept: WithScopes): boolean {
  return scopesIn(kept).every((scope) => principal?.scopes?.includes(scope) === true);
}

function scopesIn({ scopes }: WithScopes): readonly string[] {
  return scopes?.split(' ') ?? [];
}

/** Checks the scopes that a tool requires, before its handler runs. */
export class ScopeChecker {
  constructor(
    private readonly server: McpServer,
    private readonly refuse: RefuseScopes = plainRefusal,
  ) {}

  /** @throws McpError `insufficient-scope`, or `unauthorized` for an anonymous caller */
  assert({ method, params }: JsonRpcRequest, caller: Viewer): void {
    const name = params?.['name'];
    if (method !== 'tools/call' || typeof name !== 'string') return;
    const { catalog, delegate } = this.server;
    const needed = delegate?.scopesOf(name) ?? catalog.tools.find(name, caller)?.scopes ?? [];
    this.assertScopes(needed, caller.principal);
  }

  /**
   * Checks that a principal has all these scopes.
   * @throws McpError `insufficient-scope`, or `unauthorized` for an anonymous caller
   */
  assertScopes(needed: readonly string[], principal: Principal | undefined): void {
    if (needed.length === 0) return;
    if (principal === undefined) throw new McpError('unauthorized', 'The call needs a caller who has signed in');
    this.#assertGranted(needed, principal.scopes ?? []);
  }

  /**
   * Checks that a token has all scopes with which a record was created. A narrower token of the same principal must not
   * get results that it could not have requested.
   * @throws McpError `insufficient-scope`
   */
  assertCovers(kept: WithScopes, principal: Principal | undefined): void {
    this.#assertGranted(scopesIn(kept), principal?.scopes ?? []);
  }

  #assertGranted(needed: readonly string[], granted: readonly string[]): void {
    if (!needed.every((scope) => granted.includes(scope))) throw this.refuse(granted, needed);
  }
}
