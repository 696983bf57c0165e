/**
 * JSON text as every client can read it: the same JSON, but that half characters (lone surrogates), which decoders in other
 * languages refuse, are U+FFFD, and that the line breaks of Unicode are escaped, at which some readers of event streams
 * end a line. The same string when it has none of these, which costs a search of the text.
 *
 * @param json as `JSON.stringify` writes it, with half characters escaped.
 */
export function wireText(json: string): string {
  const whole = json.includes(SURROGATE) ? json.replace(ESCAPE, wholeOf) : json;
  return hasBreaks(whole) ? whole.replace(BREAKS, escaped) : whole;
}

const SURROGATE = '\\ud';

/** An escape sequence; first, two that are one character together. */
const ESCAPE = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|[\s\S])/g;
const LONE = /^\\ud[89a-f][0-9a-f]{2}$/;

function wholeOf(sequence: string): string {
  return LONE.test(sequence) ? '\\ufffd' : sequence;
}

const BREAKS = /[\u0085\u2028\u2029]/g;

/** One search for each is faster than a regular expression, most of all in text of one byte a character. */
function hasBreaks(text: string): boolean {
  return text.includes('\u2028') || text.includes('\u2029') || text.includes('\u0085');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
