/** RFC 3986, appendix A, as far as it says which characters a URI is made of: a scheme, a colon, and no others. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;

/** Characters that a URI has percent-encoded only, and whole surrogate pairs with them. `%` is left to its reader. */
const TO_ENCODE = /[^\u0021\u0023-\u003b\u003d\u003f-\u005b\u005d\u005f\u0061-\u007a\u007e]+/g;

/** Half a character, which has no UTF-8. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

const ESCAPE = /%[0-9A-Fa-f]{2}/g;
const UNRESERVED = /^[A-Za-z0-9\-._~]$/;

/** The scheme and, where there is one, the authority. */
const FRONT = /^[A-Za-z][A-Za-z0-9+.-]*:(?:\/\/[^/?#]*)?/;

/** Stricter than `URL.canParse`, which mends what it can: a space, a letter beyond ASCII, a lone percent sign. */
export function isUri(text: string): boolean {
  return URI.test(text) && URL.canParse(text);
}

/** Percent-encodes the characters that no URI may hold, such as spaces and `é` (RFC 3987, section 3.1). Escapes stay. */
export function encodedUri(text: string): string {
  return text.replace(TO_ENCODE, (characters) => encodeURIComponent(characters.replace(LONE_SURROGATE, '\ufffd')));
}

/**
 * One spelling for the URIs that are the same by their syntax (RFC 3986, section 6.2.2): escapes with upper-case digits,
 * and none for letters, digits and `-._~`. Dots in paths are left: to resolve them is not for a name that is looked up.
 */
export function spelledUri(text: string): string {
  return encodedUri(text).replace(ESCAPE, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return UNRESERVED.test(character) ? character : encoded.toUpperCase();
  });
}

/** The same text with scheme and host in lower case, which are alike in either; as long as what was given. */
export function withLowerCaseFront(text: string): string {
  const front = FRONT.exec(text)?.[0] ?? '';
  return front.toLowerCase() + text.slice(front.length);
}

/** Ports that say nothing beside their scheme. */
const DEFAULT_PORT = /^(https:.*):443$|^(http:.*):80$|^(wss:.*):443$|^(ws:.*):80$|^([^/]+:\/\/[^/]*):$/;

/**
 * The key under which all spellings of a URI are found: as above, an empty path is `/`, and the default port of the scheme
 * is none (RFC 3986, section 6.2.3). Dots in paths are left.
 */
export function uriKey(text: string): string {
  const spelled = withLowerCaseFront(spelledUri(text));
  const front = FRONT.exec(spelled)?.[0] ?? '';
  if (!front.includes('//')) return spelled;
  const rest = spelled.slice(front.length);
  const [, ...without] = DEFAULT_PORT.exec(front) ?? [];
  return `${without.find((one) => one !== undefined) ?? front}${rest.startsWith('/') ? '' : '/'}${rest}`;
}
