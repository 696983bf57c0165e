import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../../../../..');
export const PACKAGE = join(ROOT, 'packages/mcp-express');

/** A fenced block of a document. */
export interface Block {
  /** The first word after the fence, such as `ts`. */
  readonly language: string;
  /** What follows it, such as `no-run`. GitHub looks at the first word only. */
  readonly flags: readonly string[];
  readonly text: string;
  /** Line of its first line of text in the document, counted from 1. */
  readonly line: number;
}

export interface Document {
  /** Relative to the repository. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** The documents of the repository that these tests look after. */
export function documents(): Document[] {
  const guides = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file));
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join('packages', name, 'README.md'));
  const others = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
  return [...others, ...packages.sort(), ...guides.sort()].map(documentAt);
}

export function documentAt(path: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path: relative(ROOT, join(ROOT, path)), text, blocks: blocksOf(text) };
}

export function exists(path: string): boolean {
  return existsSync(join(ROOT, path));
}

const FENCE = /^( *)(`{3,})\s*(\S*)\s*(.*)$/;

function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; language: string; flags: string[]; start: number; lines: string[] } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (open === undefined) {
      const match = FENCE.exec(line);
      if (match === null) continue;
      const [, , fence = '', language = '', flags = ''] = match;
      open = { fence, language, flags: flags.split(/\s+/).filter((flag) => flag !== ''), start: index + 2, lines: [] };
    } else if (line.trim() === open.fence) {
      const { language, flags, start, lines } = open;
      blocks.push({ language, flags, text: lines.join('\n'), line: start });
      open = undefined;
    } else open.lines.push(line);
  }
  if (open !== undefined) throw new Error(`a block that begins at line ${open.start} is never closed`);
  return blocks;
}

/** A document's text without its fenced blocks. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(/^( *)(`{3,}).*\n[\s\S]*?^\1\2\s*$/gm, '');
}

/** The rows of the first table below a heading: each a list of cells, without the row of names. */
export function tableBelow({ path, text }: Document, heading: string): string[][] {
  const from = text.split('\n').indexOf(heading);
  if (from === -1) throw new Error(`${path} has no heading "${heading}"`);
  const lines = text.split('\n').slice(from + 1);
  const start = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, length === -1 ? undefined : start + length).map(cellsOf);
}

/** Every row of every table in a document, the rows of names left out. */
export function allRows({ text }: Document): string[][] {
  const lines = text.split('\n');
  return lines
    .filter((line, index) => {
      const isRule = (other: string | undefined) => /^\|[ |:-]+\|$/.test(other ?? '');
      return line.startsWith('|') && !isRule(line) && !isRule(lines[index + 1]);
    })
    .map(cellsOf);
}

function cellsOf(row: string): string[] {
  return row
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
}

/** A cell's text without the marks of Markdown. */
export function plain(cell: string): string {
  return cell.replaceAll('`', '').replaceAll('\\|', '|');
}
