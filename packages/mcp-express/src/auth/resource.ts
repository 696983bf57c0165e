import { plainUrl } from './checks.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** The declared URL of an endpoint, and the values derived from it. */
export interface Resource {
  /** As declared, byte for byte. */
  readonly id: string;
  /** Normalized (RFC 3986), for comparison with DPoP proofs. */
  readonly url: string;
  readonly origin: string;
  /** The path of its metadata document. */
  readonly metadataPath: string;
  /** The values of `aud` that name this resource. */
  readonly audiences: readonly string[];
}

/** Derives everything from the declared URL. @param id a URL that `plainUrl` accepts. */
export function resourceOf(id: string): Resource {
  const url = plainUrl(id) as URL;
  // The well-known part goes between host and path, and a path of only a slash is dropped (RFC 9728, section 3.1).
  const path = url.pathname === '/' ? '' : url.pathname;
  return {
    id,
    url: url.href,
    origin: url.origin,
    metadataPath: `${WELL_KNOWN}${path}`,
    audiences: audiencesOf(id, url),
  };
}

/**
 * Schemes and hosts are case-insensitive, and clients write the URL of a bare host with or without a slash; authorization
 * servers repeat the form that the client sent. Any other trailing slash makes a different resource.
 */
function audiencesOf(id: string, url: URL): readonly string[] {
  const bare = url.pathname === '/' ? [url.href, url.origin] : [url.href];
  return [...new Set([id, ...bare])];
}

/** The path of the document for clients that know no path. */
export const BARE_METADATA_PATH = WELL_KNOWN;
