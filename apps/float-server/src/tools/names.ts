import { named, quoted } from '../untrusted-text.js';
import { ToolProblem } from './problem.js';
import { rankBySimilarity, Spelling, sameName, spellingOf, wordPosition } from './spelling.js';

/** A record as name look-ups see it. */
export interface Entry {
  readonly id: number;
  readonly name: string;
  /** Other texts that identify this entry, such as an e-mail address. */
  readonly aliases: readonly string[];
  readonly active: boolean;
  /** Set where names are unique only within a project. */
  readonly projectId?: number | undefined;
}

/** Candidates that an error lists. */
const MAX_CANDIDATES = 8;

/**
 * Finds the entry an argument refers to. Tried in order: id, exact name or alias, the name ignoring case, accents and
 * word order of "Surname, Given", the same words, the beginning of the name, words within it. The first rule that matches
 * decides; of several matches, those that are not archived win.
 *
 * @param kind singular noun for error messages
 * @throws ToolProblem with the candidates if none or several match
 */
export function matchName(entries: readonly Entry[], asked: string | number, kind: string): Entry {
  return firstMatch(entries, asked, { kind, matchers: [byId, byText, byName, byAllWords, byBeginning, byWords] });
}

/**
 * Like `pick`, but accepts only an id, an alias or a whole name. Spelling variants of the whole name are accepted.
 *
 * @throws ToolProblem with the candidates if none or several match; entries that contain the given words come first
 */
export function matchWholeName(entries: readonly Entry[], asked: string | number, kind: string): Entry {
  return firstMatch(entries, asked, { kind, matchers: [byId, byText, byName], hints: byWords });
}

/** Compares an entry with the given text. */
type Matcher = (entry: Entry, asked: Spelling) => boolean;

interface MatchOptions {
  readonly kind: string;
  readonly matchers: readonly Matcher[];
  /** Selects the entries an error lists if nothing matches. @default the most similar names */
  readonly hints?: Matcher;
}

function firstMatch(entries: readonly Entry[], asked: string | number, { kind, matchers, hints }: MatchOptions): Entry {
  const text = new Spelling(String(asked).trim());
  for (const way of matchers) {
    const found = preferActive(entries.filter((entry) => way(entry, text)));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) throw ambiguous(found, asked, kind);
  }
  const meant = hints === undefined ? [] : preferActive(entries.filter((entry) => hints(entry, text)));
  throw meant.length > 0 ? partial(meant, text, kind) : unknown(entries, text, kind);
}

/** The name of an entry, folded once as long as the entry is kept. */
export function nameOf(entry: Entry): Spelling {
  return spellingOf(entry, entry.name);
}

function byId({ id }: Entry, asked: Spelling): boolean {
  return String(id) === asked.text;
}

function byText(entry: Entry, asked: Spelling): boolean {
  return nameOf(entry).lower === asked.lower || entry.aliases.some((one) => one.toLowerCase() === asked.lower);
}

function byName(entry: Entry, asked: Spelling): boolean {
  return sameName(nameOf(entry), asked);
}

function byAllWords(entry: Entry, asked: Spelling): boolean {
  const { words } = nameOf(entry);
  const { words: wanted } = asked;
  return wanted.length > 0 && words.length === wanted.length && wanted.every((word, at) => words[at] === word);
}

function byBeginning(entry: Entry, asked: Spelling): boolean {
  return wordPosition(nameOf(entry), asked) === 0;
}

function byWords(entry: Entry, asked: Spelling): boolean {
  return wordPosition(nameOf(entry), asked) >= 0;
}

function preferActive(found: readonly Entry[]): readonly Entry[] {
  const active = found.filter((entry) => entry.active);
  return active.length === 0 ? found : active;
}

function ambiguous(found: readonly Entry[], asked: string | number, kind: string): ToolProblem {
  const message = `${quoted(String(asked))} fits more than one ${kind}: ${listed(found)}. Ask again with the full name or the id.`;
  return new ToolProblem('ambiguous-name', message);
}

function partial(found: readonly Entry[], { text }: Spelling, kind: string): ToolProblem {
  const message = `${quoted(text)} is not the whole name of a ${kind}, which is needed here. Give the whole name or the id: ${listed(found)}.`;
  return new ToolProblem('unknown-name', message);
}

function unknown(entries: readonly Entry[], asked: Spelling, kind: string): ToolProblem {
  const near = rankBySimilarity(entries, asked, nameOf).slice(0, MAX_CANDIDATES);
  const hint = near.length === 0 ? 'There is none at all.' : `The nearest are: ${listed(near)}.`;
  return new ToolProblem('unknown-name', `No ${kind} is called ${quoted(asked.text)}. ${hint}`);
}

function listed(entries: readonly Entry[]): string {
  const shown = entries
    .slice(0, MAX_CANDIDATES)
    .map(({ id, name, active }) => `${named(name)} (id ${id}${active ? '' : ', archived'})`)
    .join(', ');
  const more = entries.length - MAX_CANDIDATES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
