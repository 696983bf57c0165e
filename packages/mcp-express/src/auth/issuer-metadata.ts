import { isObject } from '../protocol/json-rpc.js';
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
 * Where the issuer says that its keys are. One place after the other is asked until one has the metadata of this issuer with
 * a usable `jwks_uri`: on a host of many tenants, the first may answer for another issuer, or with a page. The places after
 * the first are asked at the same time, so that those that do not answer cost the time limit twice at most.
 *
 * @throws Error that says of each place what was wrong there.
 */
export async function findJwksUri(issuer: string, limits: FetchLimits, allowHttp: boolean): Promise<string> {
  const tried: string[] = [];
  const [first = '', ...others] = metadataUrlsOf(issuer);
  const tries = (urls: readonly string[]) => urls.map((url) => jwksUriAt(url, issuer, limits, allowHttp));
  for (const urls of [[first], others]) {
    for (const found of await Promise.all(tries(urls))) {
      if ('uri' in found) return found.uri;
      tried.push(found.fault);
    }
  }
  throw new Error(`No metadata of the issuer with its keys was found. Tried: ${tried.join('; ')}`);
}

type Found = { readonly uri: string } | { readonly fault: string };

async function jwksUriAt(url: string, issuer: string, limits: FetchLimits, allowHttp: boolean): Promise<Found> {
  try {
    const { status, json } = await fetchJson(url, { headers: { Accept: 'application/json' } }, limits);
    if (status !== 200) return { fault: `${url} (${status})` };
    if (!isObject(json)) return { fault: `${url} (no JSON object)` };
    return { uri: jwksUriIn(json, issuer, allowHttp) };
  } catch (thrown) {
    return { fault: `${url} (${thrown instanceof Error ? thrown.message : String(thrown)})` };
  }
}

function jwksUriIn(metadata: Record<string, unknown>, issuer: string, allowHttp: boolean): string {
  // RFC 8414, section 3.3: character by character, or the metadata of another issuer would be taken for this one's.
  if (metadata['issuer'] !== issuer) throw new Error('metadata of another issuer');
  const uri = metadata['jwks_uri'];
  if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error('no "jwks_uri"');
  assertSecure(uri, 'the "jwks_uri"', allowHttp);
  return uri;
}
