import { startOf } from './brief.js';

/** Cuts a text to `longest` characters, including an ellipsis. Shorter texts are returned unchanged. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${startOf(text, longest - 1)}…`;
}
