/** Every granular tool, called on the seeded sandbox. */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FloatClient, type Operation, RESOURCE_KEYS, resourceOf, supports } from 'float-api';
import { ALL_SPECS } from '../records/more-specs.js';
import { argumentsFor, newRecord } from '../testing/granular-arguments.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { granularTools } from './index.js';
import { toolName } from './record-tools.js';
import { registeredOf } from './registered.js';

const OPERATIONS: readonly Operation[] = ['list', 'get', 'create', 'update', 'delete'];
const names = granularTools.map(({ name }) => name);
const deps = { api: {} as FloatClient, today: () => '2026-11-23' };
const annotationsOf = (name: string) =>
  registeredOf(granularTools.find((tool) => tool.name === name)!, deps).config.annotations;

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true, tools: granularTools });
});
afterAll(() => kit.close());

test('has a tool for each operation in the resource table, and no other', () => {
  expect(new Set(names).size).toBe(names.length);
  expect(ALL_SPECS.map(({ key }) => key).sort()).toEqual([...RESOURCE_KEYS].sort());
  for (const spec of ALL_SPECS) {
    for (const operation of OPERATIONS) {
      expect([toolName(spec, operation), names.includes(toolName(spec, operation))]).toEqual([
        toolName(spec, operation),
        supports(resourceOf(spec.key), operation),
      ]);
    }
  }
});

test.each([
  ['list-people', true, undefined, true],
  ['get-person', true, undefined, true],
  ['create-person', false, false, false],
  ['update-person', false, true, true],
  ['delete-person', false, true, true],
  ['merge-project-tasks', false, true, false],
])('%s has annotations for reading, destroying and repeating', (name, readOnly, destructive, idempotent) => {
  const { readOnlyHint, destructiveHint, idempotentHint } = annotationsOf(name);
  expect([readOnlyHint, destructiveHint, idempotentHint]).toEqual([readOnly, destructive, idempotent]);
});

describe('on the sandbox', () => {
  test.each(names.filter((name) => /^(list|get|create|update|delete)-/.test(name) && !/template$|deleted/.test(name)))(
    '%s works',
    async (name) => {
      const result = await kit.call(name, await argumentsFor(kit, name));
      expect([result.isError, textOf(result)]).toEqual([
        undefined,
        expect.not.stringMatching(/undefined|NaN|\[object/),
      ]);
      if (name.startsWith('delete-')) expect(result.structuredContent).toMatchObject({ deleted: true });
    },
  );

  test.each(ALL_SPECS.filter(({ key }) => supports(resourceOf(key), 'delete')).map(({ singular }) => singular))(
    'delete-%s asks first, and a refusal changes nothing',
    async (singular) => {
      const name = `delete-${singular}`;
      const { confirm: _confirm, ...args } = await argumentsFor(kit, name);
      const preview = await kit.call(name, args);
      kit.user.answer = 'decline';
      const refused = await kit.call(name, args);
      kit.user.answer = undefined;
      expect(preview.structuredContent).toMatchObject({ deleted: false, record: { id: args['id'] } });
      expect([refused.structuredContent, textOf(preview)]).toEqual([
        preview.structuredContent,
        expect.stringContaining('delete for ever'),
      ]);
    },
  );

  test('the schema has the required fields of a new record', async () => {
    const result = await kit.call('create-phase', { project: 'Helios Customer Portal' });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('start_date')]);
    const off = await kit.call('create-time-off', { people: ['Ava Lindqvist'], time_off_type: 1, ...newDays() });
    expect([off.isError, textOf(off)]).toEqual([true, expect.stringContaining('hours or full_day')]);
  });

  test('project tasks are merged once the user agrees, and not before', async () => {
    const project = 'Helios Customer Portal';
    for (const task_name of ['Copy', 'Copies']) await kit.call('create-project-task', { project, task_name });
    const args = { project, project_tasks: ['Copy', 'Copies'], task_name: 'Copy' };
    const before = await kit.api.listAll('project-tasks');
    const preview = await kit.call('merge-project-tasks', args);
    expect(preview.structuredContent).toMatchObject({ merged: false });
    expect(await kit.api.listAll('project-tasks')).toEqual(before);
    const merged = await kit.call('merge-project-tasks', { ...args, confirm: true });
    expect(merged.structuredContent).toMatchObject({ merged: true, record: { task_name: 'Copy' } });
    expect(await kit.api.listAll('project-tasks')).toHaveLength(before.length - 1);
  });

  test('a project from a template, the log of deletions', async () => {
    const templates = await kit.api.listAll('project-templates');
    const [client0] = await kit.api.listAll('clients');
    const args = { template_id: templates[0]?.template_id, name: 'From a template', client: client0?.name };
    const created = await kit.call('create-project-from-template', args);
    expect(created.structuredContent).toMatchObject({ action: 'created', record: { name: 'From a template' } });
    const [allocation] = await kit.api.listAll('allocations');
    const id = allocation?.task_id as number;
    await kit.call('delete-allocation', { id, confirm: true });
    const log = await kit.call('list-deleted-records', { resource: 'allocations' });
    expect((log.structuredContent as { ids: number[] }).ids).toContain(id);
  });
});

function newDays(): Record<string, unknown> {
  const { start_date, end_date } = newRecord('phase');
  return { start_date, end_date };
}
