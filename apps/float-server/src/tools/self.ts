/** Words by which people mean themselves: never the beginning of another person's name. */
import { quoted } from '../foreign-text.js';
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
 * The entry of the caller, when the argument is a word for oneself; `undefined` for any other argument.
 *
 * @param caller e-mail address or id of the caller in Float, where it is known
 * @throws ToolProblem when the caller is not known, or has no record in Float
 */
export function personOfCaller(
  entries: readonly Entry[],
  asked: string | number,
  caller: string | undefined,
): Entry | undefined {
  if (!WORDS.has(plain(String(asked)))) return undefined;
  const word = quoted(String(asked));
  if (caller === undefined) {
    const message = `${word} cannot be resolved: this server does not know which person of Float is calling. Give a name or an id.`;
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

/** Without the marks around a word, such as those of a mention. */
function plain(text: string): string {
  return folded(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
