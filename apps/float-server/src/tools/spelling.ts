/** Comparison of names regardless of how people type them. */

/** Letters without a canonical decomposition in Unicode, with their usual transliteration. */
const LETTERS: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i' };

/** Folds case, accents, white space, and typographic quotes and dashes. */
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

/** A text with its comparison forms. Each form is computed on first use, once per text. */
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

  /** Folded, with "Smith, Ann" turned into "ann smith". */
  get givenNameFirst(): string {
    this.#givenNameFirst ??= this.folded.includes(',')
      ? this.folded.replace(/^([^,]+?) ?, ?([^,]+)$/, '$2 $1')
      : this.folded;
    return this.#givenNameFirst;
  }

  /** The folded words without punctuation; apostrophes are dropped, so "O'Brien" equals "OBrien". */
  get words(): readonly string[] {
    this.#words ??= this.folded
      .replaceAll("'", '')
      .split(/[\s\-_/.,()]+/)
      .filter((word) => word !== '');
    return this.#words;
  }
}

const spellings = new WeakMap<object, Spelling>();

/** The spelling of an object's text, cached as long as the object lives and the text stays the same. */
export function spellingOf(owner: object, text: string): Spelling {
  const kept = spellings.get(owner);
  if (kept?.text === text) return kept;
  const made = new Spelling(text);
  spellings.set(owner, made);
  return made;
}

/** Whether two names are equal once folded; "Smith, Ann" equals "Ann Smith". */
export function sameName(a: Spelling, b: Spelling): boolean {
  return a.givenNameFirst === b.givenNameFirst;
}

/**
 * The index of the word at which the wanted words occur in the name, the last of them possibly as a prefix; -1 if
 * absent.
 */
export function wordPosition({ words: there }: Spelling, { words: wanted }: Spelling): number {
  if (wanted.length === 0) return -1;
  return there.findIndex((_, at) =>
    wanted.every((word, index) =>
      index === wanted.length - 1 ? there[at + index]?.startsWith(word) : there[at + index] === word,
    ),
  );
}

/** All items, the most similar to a text first. */
export function rankBySimilarity<T>(all: readonly T[], asked: Spelling, nameOf: (one: T) => Spelling): T[] {
  const wanted = pairsOf(asked);
  return all
    .map((one) => ({ one, name: nameOf(one) }))
    .map(({ one, name }) => ({ one, name, score: similarityOf(pairsOf(name), wanted) }))
    .sort((a, b) => b.score - a.score || a.name.text.localeCompare(b.name.text))
    .map(({ one }) => one);
}

/** Similarity of two texts: 0 for no letter pairs in common, 1 for the same set of pairs. */
export function similarity(a: string, b: string): number {
  return similarityOf(pairsOf(new Spelling(a)), pairsOf(new Spelling(b)));
}

/** The Sørensen–Dice coefficient of letter pairs: tolerates typing errors in any language. */
function similarityOf(first: ReadonlySet<string>, second: ReadonlySet<string>): number {
  let common = 0;
  for (const pair of first) if (second.has(pair)) common += 1;
  return (2 * common) / Math.max(1, first.size + second.size);
}

function pairsOf({ words }: Spelling): ReadonlySet<string> {
  const parts = words.map((word) => ` ${word} `);
  return new Set(parts.flatMap((part) => Array.from({ length: part.length - 1 }, (_, at) => part.slice(at, at + 2))));
}
