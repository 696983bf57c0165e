/** What differs between how a name is stored and how people type it, and what does not. */

/** Letters that Unicode does not take for others with a mark on them, as they are typed without them. */
const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' };

/** Without regard to case, accents, more than one space, and whether quotes and dashes are those of a typewriter. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\u2018\u2019\u02bc\u00b4`]/g, "'")
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßøłđæœı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * A text with the forms in which texts are compared. Each form is made once, when it is first asked for, so that one
 * text compared with a thousand is folded once.
 */
export class Spelling {
  #lower: string | undefined;
  #folded: string | undefined;
  #givenNameFirst: string | undefined;
  #words: readonly string[] | undefined;

  constructor(readonly text: string) {}

  get lower(): string {
    this.#lower ??= this.text.toLowerCase();
    return this.#lower;
  }

  get folded(): string {
    this.#folded ??= folded(this.text);
    return this.#folded;
  }

  /** Folded, and "Smith, Ann" as Ann Smith. */
  get givenNameFirst(): string {
    this.#givenNameFirst ??= this.folded.includes(',')
      ? this.folded.replace(/^([^,]+?) ?, ?([^,]+)$/, '$2 $1')
      : this.folded;
    return this.#givenNameFirst;
  }

  /** Without what stands between words, or in them: O'Brien is typed as OBrien, too. */
  get words(): readonly string[] {
    this.#words ??= this.folded
      .replaceAll("'", '')
      .split(/[\s\-_/.,()]+/)
      .filter((word) => word !== '');
    return this.#words;
  }
}

const spellings = new WeakMap<object, Spelling>();

/** The spelling of the text that belongs to an object: kept as long as the object, and made anew with another text. */
export function spellingOf(owner: object, text: string): Spelling {
  const kept = spellings.get(owner);
  if (kept?.text === text) return kept;
  const made = new Spelling(text);
  spellings.set(owner, made);
  return made;
}

/** The same name. "Smith, Ann" is Ann Smith. */
export function sameName(a: Spelling, b: Spelling): boolean {
  return a.givenNameFirst === b.givenNameFirst;
}

/** Where in the name what was typed stands, word for word, the last of them perhaps not to its end; -1 for nowhere. */
export function placeIn({ words: there }: Spelling, { words: wanted }: Spelling): number {
  if (wanted.length === 0) return -1;
  return there.findIndex((_, at) =>
    wanted.every((word, index) =>
      index === wanted.length - 1 ? there[at + index]?.startsWith(word) : there[at + index] === word,
    ),
  );
}

/** The texts that are most like one, the most like it first. */
export function mostLike<T>(all: readonly T[], asked: Spelling, nameOf: (one: T) => Spelling): T[] {
  const wanted = pairsOf(asked);
  return all
    .map((one) => ({ one, name: nameOf(one) }))
    .map(({ one, name }) => ({ one, name, score: likenessOf(pairsOf(name), wanted) }))
    .sort((a, b) => b.score - a.score || a.name.text.localeCompare(b.name.text))
    .map(({ one }) => one);
}

/** 0 for nothing in common to 1 for the same letter pairs. */
export function likeness(a: string, b: string): number {
  return likenessOf(pairsOf(new Spelling(a)), pairsOf(new Spelling(b)));
}

/** By the share of letter pairs in common: good enough for a typing error, and the same for every language. */
function likenessOf(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  let common = 0;
  for (const pair of first) if (second.has(pair)) common += 1;
  return (2 * common) / Math.max(1, first.size + second.size);
}

function pairsOf({ words }: Spelling): ReadonlySet<string> {
  const parts = words.map((word) => ` ${word} `);
  return new Set(parts.flatMap((part) => Array.from({ length: part.length - 1 }, (_, at) => part.slice(at, at + 2))));
}
