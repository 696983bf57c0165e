/** Words for the calling user. They are never matched against the beginnings of names. */
import { quoted } from '../untrusted-text.js';
import type { Entry } from './names.js';
import { ToolProblem } from './problem.js';
import { folded } from './spelling.js';

const WORDS: ReadonlySet<string> = new Set([
  'me',
  'i',
  'myself',
  'mine',
  'current user',
  'the current user',
  'the user',
]);

/**
 * Resolves "me" and similar words to the caller's entry.
 *
 * @param caller e-mail address or Float id of the caller, if known
 * @returns undefined if the argument is not such a word
 * @throws ToolProblem if the caller is unknown, or matches not exactly one record
 */
export function entryOfCaller(
  entries: readonly Entry[],
  asked: string | number,
  caller: string | undefined,
): Entry | undefined {
  if (!WORDS.has(plain(String(asked)))) return undefined;
  const word = quoted(String(asked));
  if (caller === undefined) {
    const message = `${word} cannot be resolved: this server does not know which Float person is calling. Give a name or an id.`;
    throw new ToolProblem('unknown-name', message);
  }
  const wanted = caller.toLowerCase();
  const found = entries.filter(
    ({ id, aliases }) => String(id) === caller || aliases.some((alias) => alias.toLowerCase() === wanted),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const count = found.length === 0 ? 'no person' : `${found.length} people`;
  throw new ToolProblem(
    'unknown-name',
    `${word} is ${quoted(caller)}, and Float has ${count} with it. Give a name or an id.`,
  );
}

/** Without punctuation, such as the @ of a mention. */
function plain(text: string): string {
  return folded(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
