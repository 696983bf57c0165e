import { ConfigurationError } from '../protocol/errors.js';
import type { ResourceMetadata } from './authentication.js';
import type { Resource } from './resource.js';

export interface MetadataParts {
  readonly resource: Resource | undefined;
  readonly authorizationServers: readonly string[];
  readonly scopesSupported: readonly string[] | undefined;
  /** Members of RFC 9449 and the like. */
  readonly derived?: Readonly<Record<string, unknown>>;
  /** Members the user adds. */
  readonly further: Readonly<Record<string, unknown>>;
}

/**
 * The protected-resource metadata (RFC 9728, section 2). MCP asks that it names an authorization server, so without one
 * there is none.
 *
 * @throws ConfigurationError when a further member is one that follows from other options.
 */
export function metadataOf(what: string, parts: MetadataParts): ResourceMetadata | undefined {
  const { resource, authorizationServers, scopesSupported } = parts;
  if (resource === undefined || authorizationServers.length === 0) return undefined;
  const derived = {
    resource: resource.id,
    authorization_servers: [...authorizationServers],
    ...(scopesSupported === undefined ? {} : { scopes_supported: [...scopesSupported] }),
    bearer_methods_supported: ['header'],
    ...parts.derived,
  };
  const twice = Object.keys(parts.further).find((name) => Object.hasOwn(derived, name));
  if (twice !== undefined) throw new ConfigurationError(`${what} option "metadata" must not have "${twice}"`);
  return Object.freeze({
    path: resource.metadataPath,
    url: `${resource.origin}${resource.metadataPath}`,
    document: Object.freeze({ ...derived, ...parts.further }),
  });
}
