/**
 * JSON text that every client can read. Lone surrogates, which decoders in other languages refuse, become U+FFFD.
 * Unicode line breaks are escaped, because some parsers of event streams end a line there. Returns the same string when
 * it has neither, at the cost of a search.
 * @param json output of `JSON.stringify`, which escapes lone surrogates
 */
export function wireText(json: string): string {
  const whole = wholeText(json, '\\ufffd');
  return hasBreaks(whole) ? whole.replace(BREAKS, escaped) : whole;
}

/** The JSON with `instead` for each escaped lone surrogate: U+FFFD itself, or its escape. */
export function wholeText(json: string, instead: string): string {
  if (!json.includes(SURROGATE)) return json;
  return json.replace(ESCAPE, (sequence) => (LONE.test(sequence) ? instead : sequence));
}

const SURROGATE = '\\ud';

/** An escape sequence. Surrogate pairs match as a whole. */
const ESCAPE = /\\(?:ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}|u[0-9a-f]{4}|[\s\S])/g;
const LONE = /^\\ud[89a-f][0-9a-f]{2}$/;

const BREAKS = /[\u0085\u2028\u2029]/g;

/** Three searches are faster than a regular expression, especially in one-byte strings. */
function hasBreaks(text: string): boolean {
  return text.includes('\u2028') || text.includes('\u2029') || text.includes('\u0085');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
