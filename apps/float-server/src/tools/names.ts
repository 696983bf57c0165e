import { named, quoted } from '../foreign-text.js';
import { ToolProblem } from './problem.js';
import { mostLike, placeIn, Spelling, sameName, spellingOf } from './spelling.js';

export interface Entry {
  readonly id: number;
  readonly name: string;
  /** Other texts that mean this one only, such as an e-mail address. */
  readonly aliases: readonly string[];
  readonly active: boolean;
  /** The project it belongs to, where names are unique in a project only. */
  readonly projectId?: number | undefined;
}

const MAX_CANDIDATES = 8;

/**
 * The one entry a person meant: by id, by full name or alias, by the same name typed differently, by the same words, by
 * the beginning of the name, or by words in it, in this order. Among equals the one that is not archived wins.
 *
 * @throws ToolProblem that lists the candidates when none or several fit.
 */
export function pick(entries: readonly Entry[], asked: string | number, kind: string): Entry {
  return firstFit(entries, asked, { kind, ways: [byId, byText, byName, byAllWords, byBeginning, byWords] });
}

/**
 * As `pick`, but by id, whole name or alias only, however the name is typed.
 *
 * @throws ToolProblem that lists the candidates when none or several fit, first those with the words that were typed.
 */
export function pickWhole(entries: readonly Entry[], asked: string | number, kind: string): Entry {
  return firstFit(entries, asked, { kind, ways: [byId, byText, byName], hints: byWords });
}

/** A way to compare an entry with what was asked for. */
type Way = (entry: Entry, asked: Spelling) => boolean;

interface Picking {
  readonly kind: string;
  readonly ways: readonly Way[];
  /** Which entries to name when no way finds any. @default those that look most like what was asked for */
  readonly hints?: Way;
}

function firstFit(entries: readonly Entry[], asked: string | number, { kind, ways, hints }: Picking): Entry {
  const text = new Spelling(String(asked).trim());
  for (const way of ways) {
    const found = preferActive(entries.filter((entry) => way(entry, text)));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) throw ambiguous(found, asked, kind);
  }
  const meant = hints === undefined ? [] : preferActive(entries.filter((entry) => hints(entry, text)));
  throw meant.length > 0 ? partial(meant, text, kind) : unknown(entries, text, kind);
}

/** The name of an entry, which is folded once as long as the entry is kept. */
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
  return placeIn(nameOf(entry), asked) === 0;
}

function byWords(entry: Entry, asked: Spelling): boolean {
  return placeIn(nameOf(entry), asked) >= 0;
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
  const near = mostLike(entries, asked, nameOf).slice(0, MAX_CANDIDATES);
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
