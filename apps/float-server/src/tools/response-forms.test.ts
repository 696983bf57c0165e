/** Every tool answers the same, in whichever of its forms Float answers. */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FORMS, type Form } from 'float-sandbox';
import type { CallToolResult } from 'mcp-express';
import { granularTools } from './granular/index.js';
import { tools } from './index.js';
import { argumentsFor } from './testing/granular-arguments.js';
import { openKit } from './testing/kit.js';
import { SAMPLE_ARGUMENTS } from './testing/sample-arguments.js';

const EVERY_TOOL = [...tools, ...granularTools];

const folder = mkdtempSync(join(tmpdir(), 'float-forms-'));
const BEFORE = join(folder, 'before.db');

beforeAll(async () => {
  const kit = await openKit({ seed: true, database: BEFORE });
  // Two full pages: without page numbers, a reader has to find the end by itself.
  const there = (await kit.api.listAll('clients')).length;
  for (let index = there; index < 400; index += 1) await kit.add('clients', { name: `Client ${index}` });
  await kit.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The results of all tools. All start with the same records; the tools that write change them in the same order. */
async function answersOf(forms: readonly Form[]): Promise<Record<string, CallToolResult>> {
  const database = join(folder, `${forms.join('+') || 'usual'}.db`);
  copyFileSync(BEFORE, database);
  const kit = await openKit({ seed: true, database, tools: EVERY_TOOL, forms });
  const answers: Record<string, CallToolResult> = {};
  for (const name of NAMES) {
    const args = await (SAMPLE_ARGUMENTS[name]?.(kit) ?? argumentsFor(kit, name)).catch(() => ({}));
    answers[name] = await kit.call(name, args);
  }
  await kit.close();
  return answers;
}

const NAMES = EVERY_TOOL.map(({ name }) => name);

/** Each form once: two of them exclude each other. */
const TOGETHER: readonly (readonly Form[])[] = [
  FORMS.filter((form) => form !== 'no-page-headers'),
  ['no-page-headers', 'bare-reports'],
];

test('all tools answer the same', async () => {
  expect(new Set(TOGETHER.flat())).toEqual(new Set(FORMS));
  const usual = await answersOf([]);
  for (const forms of TOGETHER) expect(await answersOf(forms)).toEqual(usual);
  const failed = Object.entries(usual).filter(([, answer]) => answer.isError === true);
  // Those that need arguments of their own.
  expect(failed.length).toBeLessThan(NAMES.length / 10);
});
