/** The most characters of a name, a URI or a method that records and logs hold. */
export const MAX_NAME = 256;

/**
 * The beginning of a text that is longer than `most` characters, with a mark that says how long it was; a shorter text
 * as it is. What clients send may be megabytes, and a log must not grow by that.
 */
export function brief(text: string, most = MAX_NAME): string {
  return text.length <= most ? text : cut(text, most, text.length);
}

/** At most `most` characters of a text, with a mark that says how many there were. */
export function cut(text: string, most: number, length: number): string {
  return `${startOf(text, most)}… [cut: ${length} characters]`;
}

/** At most `most` characters from the start of a text. A pair of surrogates is not cut in half. */
export function startOf(text: string, most: number): string {
  const end = isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most;
  return text.slice(0, end);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
