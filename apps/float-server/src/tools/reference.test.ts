import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { granularTools } from './granular/index.js';
import { OLD_NAMES } from './granular/old-names.js';
import { tools } from './index.js';
import { toolReference } from './reference.js';

const page = readFileSync(new URL('../../../../docs/float-tools.md', import.meta.url), 'utf8');
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('docs/float-tools.md is up to date: node apps/float-server/scripts/write-tool-reference.mjs writes it', () => {
  expect(page === toolReference()).toBe(true);
});

test('it has every tool and every old name', () => {
  for (const { name } of tools) expect(page).toContain(`### ${name}\n`);
  for (const { name } of granularTools) expect(page).toContain(`| \`${name}\` |`);
  for (const { old } of OLD_NAMES) expect(page).toContain(`\n| \`${old}\` | `);
  expect(page).not.toMatch(/undefined|\[object/);
});

test('the table in README.md has every tool once, and no other', () => {
  const table = /^\| tool \| what it does \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(readme)?.[1] ?? '';
  const rows = table.trimEnd().split('\n');
  const named = rows.flatMap((row) => [...String(row.split('|')[1]).matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual(tools.map(({ name }) => name).sort());
});
