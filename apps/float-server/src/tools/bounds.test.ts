/** Bounds on answers and on input: texts and lists are limited, and each name is folded once, regardless of the number of comparisons. */

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
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
import { type Kit, openKit, textOf } from './testing/kit.js';
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

describe('answers about 300 people', () => {
  const PEOPLE = 275;
  let kit: Kit;

  beforeAll(async () => {
    kit = await openKit({ seed: true });
    const [type] = await kit.api.listAll('timeoff-types');
    const projects = await kit.api.listAll('projects', { active: 1 });
    await Promise.all(
      Array.from({ length: PEOPLE }, async (_, at) => {
        const project = projects[at % projects.length]?.project_id ?? 0;
        const person = await kit.add('people', { name: `Person ${at}`, tags: [{ name: `Skill ${at % 5}` }] });
        const days = { start_date: '2026-11-09', end_date: '2027-01-15' };
        for (const hours of [4, 5, 3]) {
          await kit.add('allocations', { project_id: project, people_id: person, ...days, hours });
        }
        const away = { start_date: '2026-11-26', end_date: '2026-11-27', full_day: 1 } as const;
        await kit.add('timeoffs', { people_ids: [person], timeoff_type_id: type?.timeoff_type_id ?? 0, ...away });
        await kit.add('milestones', { project_id: project, name: `Milestone ${at}`, date: `2026-12-0${1 + (at % 9)}` });
      }),
    );
  });
  afterAll(() => kit.close());

  /** Characters of an answer, text and structured result together. */
  const sizeOf = async (tool: string, args: Json) => {
    const result = await kit.call(tool, args);
    expect(textOf(result)).not.toBe('');
    expect(result.isError ?? false).toBe(false);
    return JSON.stringify([result.content, result.structuredContent]).length;
  };

  const REQUIRED: Readonly<Record<string, Json>> = {
    'find-available': { hours: 20 },
    'show-plan': { person: 'Person 7' },
    'who-works-on': { project: 'Brightside Brand Refresh' },
    'show-budget': { project: 'Brightside Brand Refresh' },
    'can-we-take-on': { range: 'next 8 weeks', demands: [{ tag: 'Skill 1', hours: 100 }] },
    'find-record': { resource: 'milestones' },
  };
  const READING = tools.map(({ name }) => name).filter((name) => !/^(book|hand|save|delete)-/.test(name));

  test.each(READING)('%s has at most 20,000 tokens with default arguments', async (name) => {
    // Counted as 3 characters a token, which is less than JSON and English text have.
    const detail = 'detail' in lists(name) ? { detail: 'concise' } : {};
    expect(await sizeOf(name, { ...REQUIRED[name], ...detail })).toBeLessThan(60_000);
  });

  test('the data of each day is in full answers alone, and concise ones say how to get it', async () => {
    const concise = await kit.call('who-is-free', { detail: 'concise' });
    expect(textOf(concise)).toContain('detail: "full"');
    expect(JSON.stringify(concise.structuredContent)).not.toContain('"days"');
    const full = await kit.call('who-is-free', { detail: 'full' });
    expect(textOf(full)).not.toContain('detail:');
    const [first] = (full.structuredContent as { people: { days: unknown[] }[] }).people;
    expect(first?.days.length).toBeGreaterThan(3);
    expect(await sizeOf('who-is-overbooked', { detail: 'concise' })).toBeLessThan(
      (await sizeOf('who-is-overbooked', { detail: 'full' })) / 3,
    );
  });

  /** The arguments that a tool lists. */
  function lists(name: string): object {
    const [, schema] = inputs.find(([one]) => one === name) ?? [];
    return (z.toJSONSchema(schema as z.ZodType, { io: 'input' }).properties ?? {}) as object;
  }
});
