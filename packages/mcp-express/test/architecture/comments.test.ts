import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '../../../..');

const EXPORTED = /^export (?:declare |abstract |async )*(?:function\*?|class|interface|type|const|enum) (\w+)/;

/** Exported symbols, and those of them whose declaration no doc comment precedes. */
function exportsIn(folder: string): { all: number; bare: string[] } {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  let all = 0;
  const bare: string[] = [];
  for (const file of files.filter((name) => /(?<!\.test|\.d)\.ts$/.test(name))) {
    const lines = readFileSync(join(ROOT, folder, file), 'utf8').split('\n');
    for (const [index, line] of lines.entries()) {
      const name = EXPORTED.exec(line)?.[1];
      if (name === undefined) continue;
      all += 1;
      if (lines[index - 1]?.trimEnd().endsWith('*/') !== true) bare.push(`${file}: ${name}`);
    }
  }
  return { all, bare };
}

const FOLDERS = [
  ['packages/mcp-express/src', 100],
  ['packages/float-api/src', 100],
  ['packages/float-sandbox/src', 90],
  ['packages/resource-planning/src', 100],
  ['apps/float-server/src', 100],
  ['bench/src', 100],
] as const;

test.each(FOLDERS)('every symbol that %s exports has a doc comment (DESIGN 2)', (folder, atLeast) => {
  const { all, bare } = exportsIn(folder);
  expect(all).toBeGreaterThan(atLeast);
  expect(bare).toEqual([]);
});
