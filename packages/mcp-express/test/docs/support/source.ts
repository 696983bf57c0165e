import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { PACKAGE } from './markdown.js';

/** A member of an interface in the sources, with what its comment says. */
export interface Member {
  readonly name: string;
  readonly comment: string;
  /** The text after `@default`; `undefined` when there is none. */
  readonly default: string | undefined;
}

/** The members of an interface, read from the source as a person reads it. */
export function membersOf(file: string, name: string): Member[] {
  const text = readFileSync(join(PACKAGE, 'src', file), 'utf8');
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1];
  if (body === undefined) throw new Error(`src/${file} has no interface ${name}`);
  return [...body.matchAll(/\/\*\*([\s\S]*?)\*\/\s+readonly (\w+)\??:/g)].map(([, comment = '', member = '']) => {
    const words = comment
      .replaceAll(/^\s*\*/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim();
    return { name: member, comment: words, default: /@default (.*)$/.exec(words)?.[1] };
  });
}

/** A file of the sources and all it imports, and so on: what is really part of the package. Paths are below `src`. */
export function filesBehind(entry: string): string[] {
  const found = new Set([entry]);
  for (const file of found) {
    const text = readFileSync(join(PACKAGE, 'src', file), 'utf8');
    for (const [, target = ''] of text.matchAll(/ from '(\.[^']+)\.js'/g)) {
      found.add(`${normalize(join(dirname(file), target))}.ts`);
    }
  }
  return [...found];
}
