import { readFileSync, writeFileSync } from 'node:fs';

const DOCUMENT = new URL('../../../docs/performance.md', import.meta.url);
const CHART = new URL('../../../docs/performance.svg', import.meta.url);

const BEGIN = '<!-- measured: written by `npm run bench`, not by hand -->';
const END = '<!-- end of what was measured -->';

/** Puts what was measured between the marks of the document; what is written by hand around them stays. */
export function writeDocument(measured: string, chart: string): void {
  writeFileSync(DOCUMENT, withMeasured(readFileSync(DOCUMENT, 'utf8'), measured));
  writeFileSync(CHART, chart);
}

/** @throws Error when the document has lost its marks. */
export function withMeasured(document: string, measured: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`docs/performance.md has no lines "${BEGIN}" and "${END}"`);
  return `${document.slice(0, begin)}${BEGIN}\n\n${measured.trimEnd()}\n\n${document.slice(end)}`;
}
