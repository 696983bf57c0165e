import { readFileSync, writeFileSync } from 'node:fs';

const PERFORMANCE = new URL('../../../docs/performance.md', import.meta.url);
const CHART = new URL('../../../docs/performance.svg', import.meta.url);
const SECURITY = new URL('../../../docs/security.md', import.meta.url);

/** The programs that write figures into documents. */
export type Command = 'npm run bench' | 'npm run hostile';

const END = '<!-- end of what was measured -->';

/** Replaces the text between the marks of docs/performance.md, and the chart. */
export function writeDocument(measured: string, chart: string): void {
  rewrite(PERFORMANCE, measured, 'npm run bench');
  writeFileSync(CHART, chart);
}

/** Replaces the costs of hostile clients in docs/security.md. */
export function writeCosts(measured: string): void {
  rewrite(SECURITY, measured, 'npm run hostile');
}

function rewrite(document: URL, measured: string, command: Command): void {
  writeFileSync(document, withMeasured(readFileSync(document, 'utf8'), measured, command));
}

/** @throws Error when the document has lost its marks. */
export function withMeasured(document: string, measured: string, command: Command): string {
  const mark = `<!-- measured: written by \`${command}\`, not by hand -->`;
  const begin = document.indexOf(mark);
  const end = document.indexOf(END, begin);
  if (begin === -1 || end === -1) throw new Error(`the document has no lines "${mark}" and "${END}"`);
  return `${document.slice(0, begin)}${mark}\n\n${measured.trimEnd()}\n\n${document.slice(end)}`;
}
