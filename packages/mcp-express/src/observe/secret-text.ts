import { isPlural, isSecretName } from './secret-names.js';

/** The replacement for a secret. */
export const REDACTED = '[redacted]';

/** A PEM block. Without an end, it extends to the end of the text. */
const PEM = /-----BEGIN [^-\r\n]{1,64}-----[\s\S]*?(?:-----END [^-\r\n]{1,64}-----|$)/g;

/** The user info of a URL; second, one whose password contains characters that should be escaped. */
const USERINFO = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi;
const ODD_USERINFO =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#:@[]*:(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>]{0,256}@/gi;

/** Header lines whose whole value is secret: cookies, and schemes with parameters. */
const HEADER =
  /\b((?:set-)?cookie["']?\s{0,8}:\s{0,8}|authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:digest|oauth|hawk|signature|mutual|aws4-[\w-]{1,30})\s)[^\r\n]+/gi;

/** Credentials of RFC 9110 schemes that make up a whole value, usually that of a header. */
const CREDENTIALS = /^\s*(Bearer|DPoP|Negotiate|Token)\s+(?![\w-]+=")\S+\s*$/i;
const BEARER =
  /\b(Bearer|DPoP|Negotiate)\s+(?!(?:tokens?|auth\w*|scheme|proof|header|challenge|is|of)\b)(?![\w-]+=")[\w.~+/=-]+/g;
/** "bearer of good news" is prose, so a lower-case scheme needs a value that looks like a credential. */
const LOWER_BEARER = /\bbearer\s+(?![\w-]+=")(?=[\w~+/=.-]*[\d~+/=_-]|[\w.~+/=-]{20})[\w.~+/=-]+/gi;
const BASIC = /\b(Basic)\s+([A-Za-z0-9+/_-]{4,}={0,2})/gi;

/** A JWT: a JSON object in Base64, and the parts after it. */
const JWT = /(?<![\w-])eyJ[\w-]{10,}(?:\.[\w-]*)*/g;

/** API keys with a prefix of their service. */
const KNOWN_KEYS =
  /(?<![\w-])(?:(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_][\w-]{8,}|sk-[\w-]{20,}|gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{8,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{16,}|npm_\w{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/g;

/** A name before a value: in query strings, forms, connection strings, header lines, or JSON in a text. */
const NAMED = /(?<![\w.])([A-Za-z][\w.-]{0,60})(\\{0,3}["']?\s{0,8}[:=]\s{0,8})/g;

/** The value after a name: quoted, also with escaped quotes, or up to a delimiter. */
const NAMED_VALUE =
  /"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\\+["'][^"'\\]*|(?:(?:Bearer|Basic|Digest|DPoP)\s+)?[^\s"'&;,}\]]+/y;

/**
 * Query parameters that are secret although their names are ordinary words: an API key, and the code of an OAuth
 * response.
 */
const IN_QUERY = /([?&](?:key=|code=(?=[^\s&#"']{8})))[^\s&#"']+/gi;

/**
 * Replaces credentials that have a recognisable form: user info of URLs, `Authorization` lines, `Bearer …` and `Basic
 * …`, JWTs, PEM blocks, keys with a known prefix, and values after the name of a secret.
 */
export function withoutSecretsIn(text: string): string {
  if (text.length < 4) return text;
  const formless = text
    .replace(PEM, REDACTED)
    .replace(ODD_USERINFO, `$1${REDACTED}@`)
    .replace(USERINFO, `$1${REDACTED}@`)
    .replace(HEADER, `$1${REDACTED}`)
    .replace(CREDENTIALS, `$1 ${REDACTED}`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(LOWER_BEARER, `Bearer ${REDACTED}`)
    .replace(BASIC, (all, scheme: string, value: string) => (isUserAndPassword(value) ? `${scheme} ${REDACTED}` : all))
    .replace(JWT, REDACTED)
    .replace(KNOWN_KEYS, REDACTED)
    .replace(IN_QUERY, `$1${REDACTED}`);
  return withoutNamedValues(formless);
}

/** Replaces values after the name of a secret. Another name may come before it: `log: token=…`. */
function withoutNamedValues(text: string): string {
  let written = '';
  let from = 0;
  for (const found of text.matchAll(NAMED)) {
    const start = found.index + found[0].length;
    if (start < from || !isSecretName(found[1] as string)) continue;
    NAMED_VALUE.lastIndex = start;
    const value = NAMED_VALUE.exec(text)?.[0];
    if (value === undefined || value.endsWith('[redacted')) continue;
    // A count, such as `total_tokens: 15`.
    if (/^\d+$/.test(value) && isPlural(found[1] as string)) continue;
    written += text.slice(from, start) + REDACTED;
    from = start + value.length;
  }
  return written + text.slice(from);
}

/** Distinguishes credentials, which are a name, a colon and a password in Base64, from prose after the word "Basic". */
function isUserAndPassword(value: string): boolean {
  const text = Buffer.from(value, 'base64').toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no character below a space is in a user's name or password
  return text.includes(':') && !/[\x00-\x1f\x7f]/.test(text);
}
