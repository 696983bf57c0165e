import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mcpRouter } from 'mcp-express';

const ROOT = resolve(import.meta.dirname, '../../../..');
const page = readFileSync(resolve(ROOT, 'docs/guides/observing.md'), 'utf8');
const source = readFileSync(resolve(ROOT, 'packages/mcp-express/src/observe/observe.ts'), 'utf8');

/** The first words of the rows of a table. */
function rowsOf(heading: string): string[] {
  const [, section = ''] = page.split(`## ${heading}\n`);
  return [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([\w-]+)` \| .*\n(?!\| ---)/gm)].map(
    ([, name]) => name as string,
  );
}

describe('the guide to observing', () => {
  test('has every event, and no other', () => {
    const union = source.slice(source.indexOf('export type Observation ='), source.indexOf('/** Called synchronously'));
    const types = [...union.matchAll(/type: '([\w-]+)'/g)].map(([, type]) => type as string);
    expect(types.length).toBeGreaterThan(10);
    expect(rowsOf('Events').sort()).toEqual(types.sort());
  });

  test('has every figure, and no other', async () => {
    const router = mcpRouter();
    expect(rowsOf('Figures').sort()).toEqual(Object.keys(await router.stats()).sort());
    await router.close();
  });
});
