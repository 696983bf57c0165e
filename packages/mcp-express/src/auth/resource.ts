import { plainUrl } from './checks.js';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** Everything that follows from the one declared URL of an endpoint. */
export interface Resource {
  /** As it was declared, byte for byte. */
  readonly id: string;
  /** As RFC 3986 normalizes it: what a proof of DPoP is compared with. */
  readonly url: string;
  readonly origin: string;
  /** Of its metadata document. */
  readonly metadataPath: string;
  /** The forms in which a token may name it. */
  readonly audiences: readonly string[];
}

export function resourceOf(id: string): Resource {
  const url = plainUrl(id) as URL;
  // RFC 9728, section 3.1: the well-known part goes between host and path, and a slash that is all of the path goes.
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
 * Schemes and hosts in capitals are the same host, and clients write the URL of a bare host with its slash or without;
 * authorization servers repeat what they wrote. Any further slash makes another resource.
 */
function audiencesOf(id: string, url: URL): readonly string[] {
  const bare = url.pathname === '/' ? [url.href, url.origin] : [url.href];
  return [...new Set([id, ...bare])];
}

/** The path of the document that is asked for where a client knows no path. */
export const BARE_METADATA_PATH = WELL_KNOWN;
