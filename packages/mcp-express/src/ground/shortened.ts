import { startOf } from './brief.js';

/** The start of a text with an ellipsis, `longest` characters in all; a shorter text as it is. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${startOf(text, longest - 1)}…`;
}
