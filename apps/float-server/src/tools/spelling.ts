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

/** The same name. "Smith, Ann" is Ann Smith. */
export function sameName(a: string, b: string): boolean {
  return givenNameFirst(folded(a)) === givenNameFirst(folded(b));
}

function givenNameFirst(name: string): string {
  return name.replace(/^([^,]+?) ?, ?([^,]+)$/, '$2 $1');
}

/** Without what stands between words, or in them: O'Brien is typed as OBrien, too. */
export function wordsOf(text: string): string[] {
  return folded(text)
    .replaceAll("'", '')
    .split(/[\s\-_/.,()]+/)
    .filter((word) => word !== '');
}

/** Where in the name what was typed stands, word for word, the last of them perhaps not to its end; -1 for nowhere. */
export function placeIn(name: string, typed: string): number {
  const [there, wanted] = [wordsOf(name), wordsOf(typed)];
  if (wanted.length === 0) return -1;
  return there.findIndex((_, at) =>
    wanted.every((word, index) =>
      index === wanted.length - 1 ? there[at + index]?.startsWith(word) : there[at + index] === word,
    ),
  );
}
