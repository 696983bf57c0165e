import { ConfigurationError } from '../protocol/errors.js';
import { isObject } from '../protocol/json-rpc.js';
import { isScope } from '../protocol/scope.js';
import { anObject, aPlainUrl, assertSecure, type Check, type Checks, listOf, plainUrl, trueOrFalse } from './checks.js';
import { type Resource, resourceOf } from './resource.js';
import type { ImpliedScopes } from './scopes.js';

/** What an endpoint says of itself, however its callers are authenticated. */
export interface EndpointOptions {
  /**
   * The URL by which clients call this endpoint, such as `https://mcp.example.com/a/mcp`: the one outside, before any
   * proxy. The metadata document, the challenge and the expected audience follow from it.
   * @default none: no metadata document, and no audience
   */
  readonly resource?: string;
  /** The issuers of the tokens that are taken here. @default the issuer of the verifier, where it has one */
  readonly authorizationServers?: readonly string[];
  /** What every request must have been granted. Beyond, tools may ask for more. @default [] */
  readonly scopes?: readonly string[];
  /** What clients that were not told a scope should ask for (RFC 9728, `scopes_supported`). @default not published */
  readonly scopesSupported?: readonly string[];
  /**
   * Which scopes stand for others, as `{ 'orders:admin': ['orders:read', 'orders:write'] }`. A principal with the first
   * has all of them. @default {}
   */
  readonly impliedScopes?: ImpliedScopes;
  /** A name for what is protected, shown by some clients when they ask for credentials. @default none */
  readonly realm?: string;
  /** Further members of the metadata document, such as `resource_name` or `resource_documentation`. @default {} */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Lets `resource` and `authorizationServers` be `http` on hosts other than this machine. @default false */
  readonly allowHttp?: boolean;
}

const scopeList = listOf(isScope, 'a list of scopes, without spaces, quotes and backslashes');

const isRealm: Check = (value) =>
  typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) ? undefined : 'a text of ASCII characters';

const isImplied: Check = (value) =>
  isObject(value) && Object.entries(value).every(([scope, others]) => isScope(scope) && !scopeList(others))
    ? undefined
    : 'an object from each scope to the list of those it implies';

export const ENDPOINT_CHECKS: Checks<EndpointOptions> = {
  resource: aPlainUrl,
  authorizationServers: listOf(
    (value) => plainUrl(value) !== undefined,
    'a list of issuer URLs, without placeholders, query and fragment',
  ),
  scopes: scopeList,
  scopesSupported: scopeList,
  impliedScopes: isImplied,
  realm: isRealm,
  metadata: anObject,
  allowHttp: trueOrFalse,
};

export interface Endpoint {
  readonly resource: Resource | undefined;
  readonly authorizationServers: readonly string[];
  readonly scopes: readonly string[];
  readonly scopesSupported: readonly string[] | undefined;
  readonly impliedScopes: ImpliedScopes;
  readonly realm: string | undefined;
  readonly further: Readonly<Record<string, unknown>>;
}

/** @throws ConfigurationError when a URL is not https, or authorization servers are told of no resource. */
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
