import { isObject } from '../ground/json-rpc.js';
import { assertSecure } from './checks.js';
import { type FetchLimits, fetchJson } from './fetch-json.js';

/**
 * Where the metadata of an issuer may be, in the order MCP asks for: RFC 8414 and OpenID Connect with the well-known part
 * before the path of the issuer, and OpenID Connect with it behind.
 */
export function metadataUrlsOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`;
  const openId = `${origin}/.well-known/openid-configuration${path}`;
  return path === '' ? [oauth, openId] : [oauth, openId, `${origin}${path}/.well-known/openid-configuration`];
}

/**
 * Where the issuer says that its keys are.
 *
 * @throws Error when none of the places has its metadata, or they are of somebody else.
 */
export async function findJwksUri(issuer: string, limits: FetchLimits, allowHttp: boolean): Promise<string> {
  const tried: string[] = [];
  for (const url of metadataUrlsOf(issuer)) {
    const { status, json } = await fetchJson(url, { headers: { Accept: 'application/json' } }, limits);
    if (status === 200 && isObject(json)) return jwksUriIn(json, issuer, allowHttp);
    tried.push(`${url} (${status})`);
  }
  throw new Error(`No metadata of the issuer was found. Tried: ${tried.join(', ')}`);
}

function jwksUriIn(metadata: Record<string, unknown>, issuer: string, allowHttp: boolean): string {
  // RFC 8414, section 3.3: character by character, or somebody else's metadata would be taken for the issuer's.
  if (metadata['issuer'] !== issuer) throw new Error('The metadata found is not of the issuer that was configured');
  const uri = metadata['jwks_uri'];
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error('The metadata of the issuer has no "jwks_uri"');
  assertSecure(uri, 'The "jwks_uri" of the issuer', allowHttp);
  return uri;
}
