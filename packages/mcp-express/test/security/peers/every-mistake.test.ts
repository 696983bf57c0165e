import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MISTAKES } from './mistakes.js';

const HERE = import.meta.dirname;
const WALK = /^mistake\('([^']+)', \(\) => \{\n([\s\S]*?)^\}\);$/gm;

const walks = readdirSync(HERE)
  .filter((name) => name.endsWith('.test.ts') && join(HERE, name) !== import.meta.filename)
  .flatMap((name) => [...readFileSync(join(HERE, name), 'utf8').matchAll(WALK)]);

test('each mistake of others is walked, once, by a test that runs', () => {
  expect(walks.map(([, name]) => name).sort()).toEqual(Object.keys(MISTAKES).sort());
  for (const [, name, tests = ''] of walks) {
    expect([name, /^ {2}test(?:\.each\(|\()/m.test(tests), /\.(?:skip|todo|only|failing)\b/.test(tests)]).toEqual([
      name,
      true,
      false,
    ]);
  }
});
