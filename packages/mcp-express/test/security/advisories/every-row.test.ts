import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ADVISORIES } from './rows.js';

const HERE = import.meta.dirname;

/** A row begins at the margin and has its tests below it, so that none of them is skipped by a condition. */
const ROW = /^advisory\('([^']+)', \(\) => \{\n([\s\S]*?)^\}\);$/gm;

interface Row {
  readonly id: string;
  readonly tests: string;
}

const rows: Row[] = readdirSync(HERE)
  .filter((name) => name.endsWith('.test.ts') && join(HERE, name) !== import.meta.filename)
  .flatMap((name) => [...readFileSync(join(HERE, name), 'utf8').matchAll(ROW)])
  .map(([, id = '', tests = '']) => ({ id, tests }));

test('each advisory is walked, once', () => {
  expect(rows.map(({ id }) => id).sort()).toEqual(Object.keys(ADVISORIES).sort());
});

test('each has a test that runs', () => {
  for (const { id, tests } of rows) {
    expect([id, /^ {2}test(?:\.each\(|\()/m.test(tests)]).toEqual([id, true]);
    expect([id, /\.(?:skip|todo|only|failing)\b/.test(tests)]).toEqual([id, false]);
  }
});
