/** Bounds on input: texts and lists are limited, and each name is folded once, regardless of the number of comparisons. */

import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { FloatClient } from 'float-api';
import * as z from 'zod';
import { PROMPTS } from '../prompts/index.js';
import { suggestProjects, suggestRoles, suggestTags } from '../resources/names.js';
import { granularTools } from './granular/index.js';
import { registeredOf } from './granular/registered.js';
import { tools } from './index.js';
import { type Entry, matchName } from './names.js';
import { select } from './plan/selection.js';
import { ALL_SPECS } from './records/more-specs.js';
import { saveInput } from './records/save.js';
import type { ToolCall } from './tool.js';

const deps = { api: {} as FloatClient, today: () => '2026-11-23' };
type Json = Record<string, unknown>;

/** The paths of all unbounded texts and lists of a schema. */
function unbounded(schema: unknown, path: string): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Json;
  const fixed = node['enum'] !== undefined || node['const'] !== undefined;
  const open =
    (node['type'] === 'string' && !fixed && node['maxLength'] === undefined) ||
    (node['type'] === 'array' && node['maxItems'] === undefined);
  return [...(open ? [path] : []), ...Object.entries(node).flatMap(([name, one]) => unbounded(one, `${path}/${name}`))];
}

const inputs = [...tools, ...granularTools].map(
  (tool) => [tool.name, registeredOf(tool, deps).config.inputSchema] as const,
);
const records = ALL_SPECS.map((spec) => [`fields of ${spec.singular}`, saveInput(spec)] as const);

test.each([...inputs, ...records])('%s: every text and list is bounded', (_name, schema) => {
  expect(unbounded(z.toJSONSchema(schema, { io: 'input' }), '')).toEqual([]);
});

test.each(
  PROMPTS.flatMap(({ name, args }) => Object.entries(args).map(([argument, one]) => [name, argument, one] as const)),
)('prompt %s: %s has a longest', (_prompt, _argument, { maxLength }) => {
  expect(maxLength).toBeLessThanOrEqual(500);
});

test('objects that are passed through are bounded as a whole', () => {
  const [, schema] = inputs.find(([name]) => name === 'save-record') ?? [];
  const faults = (fields: Json) => schema?.safeParse({ resource: 'project', fields }).error?.issues.length;
  expect(faults({ name: 'x', notes: 'x'.repeat(9000) })).toBeUndefined();
  expect(faults({ notes: ['x'.repeat(100_001)] })).toBe(1);
  expect(faults(Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`f${at}`, 1])))).toBe(1);
  expect(faults({ ['x'.repeat(65)]: 1 })).toBe(1);
});

describe('folding', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** Number of texts folded while a function runs. */
  async function foldings(work: () => unknown): Promise<number> {
    const normalize = jest.spyOn(String.prototype, 'normalize');
    await Promise.resolve()
      .then(work)
      .catch(() => undefined);
    const { length } = normalize.mock.calls;
    normalize.mockRestore();
    return length;
  }

  const COUNT = 400;
  const names = Array.from({ length: COUNT }, (_, at) => `Näme ${at}, of the ${at % 7}th`);
  const absent = 'Nobody is called só '.repeat(12);

  test('the argument is folded once, and each name once as long as its entry is kept', async () => {
    const entries: Entry[] = names.map((name, id) => ({ id: id + 1, name, aliases: [], active: true }));
    expect(await foldings(() => matchName(entries, absent, 'person'))).toBe(COUNT + 1);
    expect(await foldings(() => matchName(entries, absent, 'person'))).toBe(1);
  });

  test('a completion folds the typed text once, and each name once as long as the table is cached', async () => {
    const projects = names.map((name, at) => ({ project_id: at + 1, name, active: 1 }));
    const view = { today: '2026-11-23', api: { listAll: async () => projects } as unknown as FloatClient };
    expect(await foldings(() => suggestProjects('näme', view))).toBe(COUNT + 1);
    expect(await foldings(() => suggestProjects('näme', view))).toBe(1);
    expect(await foldings(() => suggestProjects('x'.repeat(4000), view))).toBe(0);
    expect(await foldings(() => suggestRoles('näme', view))).toBe(COUNT + 1);
    const people = projects.map(({ name }) => ({ name, active: 1, tags: [{ name: 'Réact' }, { name }] }));
    const tagged = { ...view, api: { listAll: async () => people } as unknown as FloatClient };
    expect(await foldings(() => suggestTags('r', tagged))).toBe(COUNT + 2);
  });

  test('a tag is folded once, and so is each tag of people, regardless of their number', async () => {
    const people = names.map((name) => ({ tags: [name, 'Réact', 'Go'] }) as never);
    const call = deps as unknown as ToolCall;
    const asked = (tag: string) => select(people, { tag, include_placeholders: true }, call);
    expect(await foldings(() => asked('react'))).toBe(COUNT + 3);
    expect((await asked('REACT')).people).toHaveLength(COUNT);
    expect(await foldings(() => asked('cobol'))).toBe(COUNT + 3);
    await expect(asked('reacts')).rejects.toThrow('Réact');
  });
});
