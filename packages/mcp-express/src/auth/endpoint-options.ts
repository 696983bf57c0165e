import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { isScope } from '../protocol/scope.js';
import {
  anObject,
  aPlainUrl,
  assertSecure,
  type Check,
  type Checks,
  describedBy,
  listOf,
  noMetadata,
  plainUrl,
  trueOrFalse,
} from './checks.js';
import { type Resource, resourceOf } from './resource.js';
import type { ImpliedScopes } from './scopes.js';

/** Options of a protected endpoint, independent of how its callers are authenticated. */
export interface EndpointOptions {
  /**
   * The public URL of this endpoint, such as `https://mcp.example.com/a/mcp`, as clients use it in front of any proxy. The
   * metadata document, the challenge and the expected audience are derived from it.
   * @default none: no metadata document, and no audience
   */
  readonly resource?: string;
  /** The issuers of accepted tokens. Requires `resource`. @default the issuer of the verifier, if it has one */
  readonly authorizationServers?: readonly string[];
  /** Scopes that every request needs; tools may require more. @default [] */
  readonly scopes?: readonly string[];
  /** Scopes that clients should ask for by default (RFC 9728, `scopes_supported`). @default not published */
  readonly scopesSupported?: readonly string[];
  /**
   * Scopes that include others, as `{ 'orders:admin': ['orders:read', 'orders:write'] }`: a principal with the first has
   * all of them.
   *
   * @default {}
   */
  readonly impliedScopes?: ImpliedScopes;
  /**
   * The protection space in challenges (RFC 9110, section 11.5), which some clients show to users. ASCII only.
   *
   * @default none
   */
  readonly realm?: string;
  /** Further members of the metadata document, such as `resource_name` or `resource_documentation`. @default {} */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Allows `http` URLs of other machines in `resource` and `authorizationServers`. @default false */
  readonly allowHttp?: boolean;
}

const scopeList = listOf(isScope, 'a list of scopes, without spaces, quotes and backslashes');

const isRealm: Check = (value) =>
  typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) ? undefined : 'a text of ASCII characters';

const isImplied: Check = (value) =>
  isObject(value) && Object.entries(value).every(([scope, others]) => isScope(scope) && !scopeList(others))
    ? undefined
    : 'an object from each scope to the list of those it implies';

const issuerUrls = listOf(
  (value) => plainUrl(value) !== undefined,
  'a list of issuer URLs, without placeholders, query and fragment',
);

/** The checks of `EndpointOptions`. */
export const ENDPOINT_CHECKS: Checks<EndpointOptions> = {
  resource: noMetadata('the resource', aPlainUrl),
  authorizationServers: (value) => {
    const meant = Array.isArray(value) ? value.map(describedBy).find((issuer) => issuer !== undefined) : undefined;
    return meant === undefined ? issuerUrls(value) : `a list of issuers, not of addresses of their metadata: ${meant}`;
  },
  scopes: scopeList,
  scopesSupported: scopeList,
  impliedScopes: isImplied,
  realm: isRealm,
  metadata: anObject,
  allowHttp: trueOrFalse,
};

/** The resolved options of an endpoint. */
export interface Endpoint {
  readonly resource: Resource | undefined;
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[];
  readonly scopesSupported: readonly string[] | undefined;
  readonly impliedScopes: ImpliedScopes;
  readonly realm: string | undefined;
  /** Further members of the metadata document. */
  readonly further: Readonly<Record<string, unknown>>;
}

/**
 * Resolves the options of an endpoint.
 *
 * @param what the name of the function that takes the options, for messages.
 * @param issuer the issuer of the verifier.
 * @throws ConfigurationError if a URL is not https, or `authorizationServers` is set without `resource`.
 */
export function endpointOf(what: string, options: EndpointOptions, issuer?: string): Endpoint {
  const { resource, allowHttp, scopes = [], scopesSupported, impliedScopes = {}, realm, metadata = {} } = options;
  const authorizationServers = options.authorizationServers ?? (issuer === undefined ? [] : [issuer]);
  if (resource === undefined && (options.authorizationServers?.length ?? 0) > 0) {
    throw new ConfigurationError(`${what} needs the option "resource" where it has "authorizationServers"`);
  }
  if (resource !== undefined) assertSecure(resource, `${what} option "resource"`, allowHttp);
  for (const server of options.authorizationServers ?? []) {
    assertSecure(server, `${what} option "authorizationServers"`, allowHttp);
  }
  return {
    resource: resource === undefined ? undefined : resourceOf(resource),
    authorizationServers,
    scopes,
    scopesSupported,
    impliedScopes,
    realm,
    further: metadata,
  };
}
