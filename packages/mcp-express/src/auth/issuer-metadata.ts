import { isObject } from '../protocol/json-rpc.js';
import { assertSecure } from './checks.js';
import { type FetchLimits, fetchJson } from './fetch-json.js';

/**
 * The URLs at which the metadata of an issuer may be, in the order of the MCP specification: RFC 8414 and OpenID Connect
 * with the well-known part before the path of the issuer, then OpenID Connect with it after the path.
 */
export function metadataUrlsOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.endsWith('/') ? pathname.slice(0, -1) : pathname;
  const oauth = `${origin}/.well-known/oauth-authorization-server${path}`;
  const openId = `${origin}/.well-known/openid-configuration${path}`;
  return path === '' ? [oauth, openId] : [oauth, openId, `${origin}${path}/.well-known/openid-configuration`];
}

/**
 * Finds the URL of an issuer's keys. The metadata URLs are tried until one has the metadata of this issuer with a usable
 * `jwks_uri`: on a host with many tenants, the first may return the metadata of another issuer, or an HTML page. All but
 * the first are tried concurrently, so that URLs without an answer cost the timeout twice at most.
 *
 * @throws Error that lists the problem of each URL.
 */
export async function findJwksUri(issuer: string, limits: FetchLimits, allowHttp: boolean): Promise<string> {
  const tried: string[] = [];
  const [first = '', ...others] = metadataUrlsOf(issuer);
  const tries = (urls: readonly string[]) => urls.map((url) => jwksUriAt(url, issuer, limits, allowHttp));
  for (const urls of [[first], others]) {
    for (const found of await Promise.all(tries(urls))) {
      if ('uri' in found) return found.uri;
      tried.push(found.problem);
    }
  }
  throw new Error(`The metadata of the issuer, with the URL of its keys, was not found. Tried: ${tried.join('; ')}`);
}

type Found = { readonly uri: string } | { readonly problem: string };

async function jwksUriAt(url: string, issuer: string, limits: FetchLimits, allowHttp: boolean): Promise<Found> {
  try {
    const { status, json } = await fetchJson(url, { headers: { Accept: 'application/json' } }, limits);
    if (status !== 200) return { problem: `${url} (${status})` };
    if (!isObject(json)) return { problem: `${url} (no JSON object)` };
    return { uri: jwksUriIn(json, issuer, allowHttp) };
  } catch (thrown) {
    return { problem: `${url} (${thrown instanceof Error ? thrown.message : String(thrown)})` };
  }
}

function jwksUriIn(metadata: Record<string, unknown>, issuer: string, allowHttp: boolean): string {
  // An exact comparison (RFC 8414, section 3.3), because otherwise another issuer could provide the keys.
  if (metadata['issuer'] !== issuer) throw new Error('metadata of another issuer');
  const uri = metadata['jwks_uri'];
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error('no "jwks_uri"');
  assertSecure(uri, 'the "jwks_uri"', allowHttp);
  return uri;
}
