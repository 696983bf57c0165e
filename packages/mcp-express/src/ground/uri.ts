/** RFC 3986, appendix A, as far as it says which characters a URI is made of: a scheme, a colon, and no others. */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/;

/** Stricter than `URL.canParse`, which mends what it can: a space, a letter beyond ASCII, a lone percent sign. */
export function isUri(text: string): boolean {
  return URI.test(text) && URL.canParse(text);
}
