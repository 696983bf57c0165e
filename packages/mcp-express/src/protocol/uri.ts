/** A scheme, a colon, and only characters that RFC 3986, appendix A allows in URIs. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;

/** Characters that must be percent-encoded in URIs, including whole surrogate pairs. `%` itself is left unchanged. */
const TO_ENCODE = /[^\u0021\u0023-\u003b\u003d\u003f-\u005b\u005d\u005f\u0061-\u007a\u007e]+/g;

/** A lone surrogate, which has no UTF-8 encoding. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

const ESCAPE = /%[0-9A-Fa-f]{2}/g;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** The scheme and the authority, if any. */
const FRONT = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/?#]*)?/;

/**
 * Whether a text is a URI. Stricter than `URL.canParse`, which repairs spaces, letters beyond ASCII and lone percent
 * signs.
 */
export function isUri(text: string): boolean {
  return URI.test(text) && URL.canParse(text);
}

/**
 * Percent-encodes characters that URIs must not contain, such as spaces and `é` (RFC 3987, section 3.1). Existing
 * escapes stay.
 */
export function encodedUri(text: string): string {
  return text.replace(TO_ENCODE, (characters) => encodeURIComponent(characters.replace(LONE_SURROGATE, '\ufffd')));
}

/**
 * Normalises a URI by its syntax (RFC 3986, section 6.2.2): escapes have upper-case digits, and unreserved characters
 * are not escaped. Dot segments stay, because a resource URI is a name and not a path to resolve.
 */
export function normalizedUri(text: string): string {
  return encodedUri(text).replace(ESCAPE, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return UNRESERVED.test(character) ? character : encoded.toUpperCase();
  });
}

/** The text with scheme and authority in lower case. The length does not change. */
export function withLowerCaseAuthority(text: string): string {
  const front = FRONT.exec(text)?.[0] ?? '';
  return front.toLowerCase() + text.slice(front.length);
}

/** Default ports of schemes, and an empty port. */
const DEFAULT_PORT = /^(https:.*):443$|^(http:.*):80$|^(wss:.*):443$|^(ws:.*):80$|^([^/]+:\/\/[^/]*):$/;

/**
 * The canonical key of a URI: normalised, with a lower-case scheme and authority, `/` for an empty path, and without
 * the default port (RFC 3986, section 6.2.3). Dot segments stay.
 */
export function uriKey(text: string): string {
  const spelled = withLowerCaseAuthority(normalizedUri(text));
  const front = FRONT.exec(spelled)?.[0] ?? '';
  if (!front.includes('//')) return spelled;
  const rest = spelled.slice(front.length);
  const [, ...without] = DEFAULT_PORT.exec(front) ?? [];
  return `${without.find((one) => one !== undefined) ?? front}${rest.startsWith('/') ? '' : '/'}${rest}`;
}
