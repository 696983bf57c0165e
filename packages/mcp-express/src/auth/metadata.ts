import { ConfigurationError } from '../protocol/errors.js';
import type { ResourceMetadata } from './authentication.js';
import type { Resource } from './resource.js';

/** The contents of a metadata document. */
export interface MetadataOptions {
  readonly resource: Resource | undefined;
  readonly authorizationServers: readonly string[];
  readonly scopesSupported: readonly string[] | undefined;
  /** Members that follow from other options, such as those of RFC 9449. */
  readonly derived?: Readonly<Record<string, unknown>>;
  /** Members added by the user. */
  readonly further: Readonly<Record<string, unknown>>;
}

/**
 * Builds the protected-resource metadata (RFC 9728, section 2).
 *
 * @param what the name of the function that takes the option, for messages.
 * @returns `undefined` without an authorization server, which MCP requires the document to name.
 * @throws ConfigurationError if a further member is one that follows from other options.
 */
export function metadataOf(what: string, options: MetadataOptions): ResourceMetadata | undefined {
  const { resource, authorizationServers, scopesSupported } = options;
  if (resource === undefined || authorizationServers.length === 0) return undefined;
  const derived = {
    resource: resource.id,
    authorization_servers: [...authorizationServers],
    ...(scopesSupported === undefined ? {} : { scopes_supported: [...scopesSupported] }),
    bearer_methods_supported: ['header'],
    ...options.derived,
  };
  const twice = Object.keys(options.further).find((name) => Object.hasOwn(derived, name));
  if (twice !== undefined) throw new ConfigurationError(`${what} option "metadata" must not have "${twice}"`);
  return Object.freeze({
    path: resource.metadataPath,
    url: `${resource.origin}${resource.metadataPath}`,
    document: Object.freeze({ ...derived, ...options.further }),
  });
}
