import { isPlural, isSecretName } from './secret-names.js';

export const REDACTED = '[redacted]';

/** A PEM block; one without an end goes on to the end of the text. */
const PEM = /-----BEGIN [^-\r\n]{1,64}-----[\s\S]*?(?:-----END [^-\r\n]{1,64}-----|$)/g;

/** What is before `@` in a URL; and the same where a password has characters that a URL should have escaped. */
const USERINFO = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#]*@/gi;
const ODD_USERINFO =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#:@[]*:(?!\d{1,5}(?:[/?#\s]|$))[^\s"'<>]{0,256}@/gi;

/** Header lines that are secret as a whole, with their spaces: of cookies, and of schemes that have parameters. */
const HEADER =
  /\b((?:set-)?cookie["']?\s{0,8}:\s{0,8}|authorization["']?\s{0,8}[:=]\s{0,8}["']?(?:digest|oauth|hawk|signature|mutual|aws4-[\w-]{1,30})\s)[^\r\n]+/gi;

/** The schemes of RFC 9110 that carry a secret, at the start of a value: of a header, as a rule. */
const CREDENTIALS = /^\s*(Bearer|DPoP|Negotiate|Token)\s+(?![\w-]+=")\S+\s*$/i;
const BEARER =
  /\b(Bearer|DPoP|Negotiate)\s+(?!(?:tokens?|auth\w*|scheme|proof|header|challenge|is|of)\b)(?![\w-]+=")[\w.~+/=-]+/g;
/** In prose, "bearer of good news" is no credential, so it must look like one. */
const LOWER_BEARER = /\bbearer\s+(?![\w-]+=")(?=[\w~+/=.-]*[\d~+/=_-]|[\w.~+/=-]{20})[\w.~+/=-]+/gi;
const BASIC = /\b(Basic)\s+([A-Za-z0-9+/_-]{4,}={0,2})/gi;

/** A JSON object in Base64, which a JWT begins with, and what follows of its parts. */
const JWT = /(?<![\w-])eyJ[\w-]{10,}(?:\.[\w-]*)*/g;

/** Keys that services give out under a prefix of their own, so that they are found in texts. */
const KNOWN_KEYS =
  /(?<![\w-])(?:(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)[-_][\w-]{8,}|sk-[\w-]{20,}|gh[opsur]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abeoprs]-[\w-]{8,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{16,}|npm_\w{20,}|SG\.[\w-]{16,}\.[\w-]{16,})/g;

/** A name before a value: in query parameters, forms, connection strings, header lines, JSON inside a text. */
const NAMED = /(?<![\w.])([A-Za-z][\w.-]{0,60})(\\{0,3}["']?\s{0,8}[:=]\s{0,8})/g;

/** The value: in quotes, also escaped ones, or up to what ends one. */
const NAMED_VALUE =
  /"(?:[^"\\]|\\.)*(?:"|$)|'[^']*(?:'|$)|\\+["'][^"'\\]*|(?:(?:Bearer|Basic|Digest|DPoP)\s+)?[^\s"'&;,}\]]+/y;

/** Parameters of a query that are secret there, and ordinary words elsewhere: an API key, the code of an OAuth answer. */
const IN_QUERY = /([?&](?:key=|code=(?=[^\s&#"']{8})))[^\s&#"']+/gi;

/**
 * The text without the credentials that can be told by their form: those of URLs, `Authorization` lines, `Bearer …` and
 * `Basic …`, JWTs, PEM blocks, keys with a known prefix, and values behind the name of a secret.
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

/** What follows the name of a secret. A name that is none may be followed by one that is: `log: token=…`. */
function withoutNamedValues(text: string): string {
  let written = '';
  let from = 0;
  for (const found of text.matchAll(NAMED)) {
    const start = found.index + found[0].length;
    if (start < from || !isSecretName(found[1] as string)) continue;
    NAMED_VALUE.lastIndex = start;
    const value = NAMED_VALUE.exec(text)?.[0];
    if (value === undefined || value.endsWith('[redacted')) continue;
    // How many there are, such as `total_tokens: 15`.
    if (/^\d+$/.test(value) && isPlural(found[1] as string)) continue;
    written += text.slice(from, start) + REDACTED;
    from = start + value.length;
  }
  return written + text.slice(from);
}

/** What follows `Basic` in a header is a name, a colon and a password in Base64; what follows it in a sentence is not. */
function isUserAndPassword(value: string): boolean {
  const text = Buffer.from(value, 'base64').toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no character below a space is in a user's name or password
  return text.includes(':') && !/[\x00-\x1f\x7f]/.test(text);
}
