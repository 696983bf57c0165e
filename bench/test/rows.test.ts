import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, test } from '@jest/globals';
import { readOptions } from '../src/options.js';
import { ROWS } from '../src/rows/index.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

async function bench(...args: readonly string[]): Promise<{ code: number; printed: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, printed };
}

describe('npm run bench', () => {
  test('has each of the sixteen rows once, and takes them by name', () => {
    const names = ROWS.map(({ name }) => name);
    assert.deepEqual(names, [...Array.from({ length: 16 }, (_, index) => String(index + 1)), 'guards']);
    assert.deepEqual(
      readOptions(['--row=7,16', '--quick']).rows.map(({ name }) => name),
      ['7', '16'],
    );
    assert.throws(() => readOptions(['--row=17']), /there is no row "17"/);
  });

  test('only a whole run at length writes the document by itself', () => {
    assert.equal(readOptions([]).writes, true);
    assert.equal(readOptions(['--quick']).writes, false);
    assert.equal(readOptions(['--row=1']).writes, false);
    assert.equal(readOptions(['--row=1', '--write']).writes, true);
  });

  test('measures a comparison and a row of its own, each with a figure', async () => {
    const { code, printed } = await bench('--row=6,16', '--tiny');
    assert.equal(code, 0, printed);
    assert.match(printed, /^\| 6 .*\| ≤ 5\.0 % +\| -?[\d.]+ % +\|/m);
    assert.match(printed, /^\| 16 .*\| ≤ 1\.50 × +\| [\d.,]+ × +\|/m);
    assert.match(printed, /JSON, \d+ bytes/);
  });
});
