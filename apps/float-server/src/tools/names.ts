import { ToolProblem } from './problem.js';
import { placeIn, sameName, wordsOf } from './spelling.js';

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

/** As `pick`, but by id, full name or alias only, however the name is typed. */
export function pickWhole(entries: readonly Entry[], asked: string | number, kind: string): Entry {
  return firstFit(entries, asked, { kind, ways: [byId, byText, byName] });
}

interface Picking {
  readonly kind: string;
  readonly ways: readonly ((text: string) => (entry: Entry) => boolean)[];
}

function firstFit(entries: readonly Entry[], asked: string | number, { kind, ways }: Picking): Entry {
  const text = String(asked).trim().toLowerCase();
  for (const way of ways) {
    const found = preferActive(entries.filter(way(text)));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    if (found.length > 1) throw ambiguous(found, asked, kind);
  }
  throw unknown(entries, asked, kind);
}

function byId(text: string): (entry: Entry) => boolean {
  return (entry) => String(entry.id) === text;
}

function byText(text: string): (entry: Entry) => boolean {
  return (entry) => [entry.name, ...entry.aliases].some((one) => one.toLowerCase() === text);
}

function byName(text: string): (entry: Entry) => boolean {
  return (entry) => sameName(entry.name, text);
}

function byAllWords(text: string): (entry: Entry) => boolean {
  const wanted = wordsOf(text).join(' ');
  return (entry) => wanted !== '' && wordsOf(entry.name).join(' ') === wanted;
}

function byBeginning(text: string): (entry: Entry) => boolean {
  return (entry) => placeIn(entry.name, text) === 0;
}

function byWords(text: string): (entry: Entry) => boolean {
  return (entry) => placeIn(entry.name, text) >= 0;
}

function preferActive(found: readonly Entry[]): readonly Entry[] {
  const active = found.filter((entry) => entry.active);
  return active.length === 0 ? found : active;
}

function ambiguous(found: readonly Entry[], asked: string | number, kind: string): ToolProblem {
  const more = found.length > MAX_CANDIDATES ? ` and ${found.length - MAX_CANDIDATES} more` : '';
  const message = `"${asked}" fits more than one ${kind}: ${listed(found)}${more}. Ask again with the full name or the id.`;
  return new ToolProblem('ambiguous-name', message);
}

function unknown(entries: readonly Entry[], asked: string | number, kind: string): ToolProblem {
  const near = nearest(entries, String(asked));
  const hint = near.length === 0 ? 'There is none at all.' : `The nearest are: ${listed(near)}.`;
  return new ToolProblem('unknown-name', `No ${kind} is called "${asked}". ${hint}`);
}

function listed(entries: readonly Entry[]): string {
  return entries
    .slice(0, MAX_CANDIDATES)
    .map(({ id, name, active }) => `${name} (id ${id}${active ? '' : ', archived'})`)
    .join(', ');
}

/** By the share of letter pairs in common: good enough for a typing error, and the same for every language. */
function nearest(entries: readonly Entry[], asked: string): Entry[] {
  return entries
    .map((entry) => ({ entry, score: likeness(entry.name, asked) }))
    .sort((a, b) => b.score - a.score || a.entry.name.localeCompare(b.entry.name))
    .slice(0, MAX_CANDIDATES)
    .map(({ entry }) => entry);
}

/** 0 for nothing in common to 1 for the same letter pairs. */
export function likeness(a: string, b: string): number {
  const [first, second] = [pairs(a), pairs(b)];
  const common = [...first].filter((pair) => second.has(pair)).length;
  return (2 * common) / Math.max(1, first.size + second.size);
}

function pairs(text: string): Set<string> {
  const parts = wordsOf(text).map((word) => ` ${word} `);
  return new Set(parts.flatMap((part) => Array.from({ length: part.length - 1 }, (_, at) => part.slice(at, at + 2))));
}
