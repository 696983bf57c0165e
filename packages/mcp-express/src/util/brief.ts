/** Most characters of a name, URI or method in records and logs. */
export const MAX_NAME = 256;

/**
 * Cuts a text to `most` characters and appends a mark with its length. Shorter texts are returned unchanged. Clients
 * may send megabytes, which must not fill the logs.
 */
export function brief(text: string, most = MAX_NAME): string {
  return text.length <= most ? text : cut(text, most, text.length);
}

/**
 * At most `most` characters of a text, and a mark.
 * @param length the number of characters in the mark
 */
export function cut(text: string, most: number, length: number): string {
  return `${startOf(text, most)}… [cut: ${length} characters]`;
}

/** At most `most` characters from the start of a text, without splitting a surrogate pair. */
export function startOf(text: string, most: number): string {
  const end = isHighSurrogate(text.charCodeAt(most - 1)) ? most - 1 : most;
  return text.slice(0, end);
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
