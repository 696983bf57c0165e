/** Every resource through the two tools that all share. */

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { resourceOf, supports } from 'float-api';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { ALL_SPECS } from './more-specs.js';

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true });
});
afterAll(() => kit.close());

test.each(ALL_SPECS.map((spec) => [spec.plural, spec] as const))(
  '%s are found, and one is read',
  async (plural, spec) => {
    const listed = await kit.call('find-record', { resource: plural, limit: 3 });
    const { total, records } = listed.structuredContent as { total: number; records: { id: number }[] };
    expect(total).toBeGreaterThan(0);
    if (!supports(resourceOf(spec.key), 'get')) return;
    const one = await kit.call('find-record', { resource: plural, id: records[0]?.id });
    expect(one.structuredContent).toMatchObject({ total: 1, records: [{ id: records[0]?.id }] });
  },
);

test('it answers what the tool of the resource answers', async () => {
  const filters = { project: 'Helios Customer Portal', range: 'this quarter' };
  const ours = await kit.call('find-record', { resource: 'milestones', filters });
  const theirs = await kit.call('find-milestones', filters);
  expect(ours.structuredContent).toEqual(theirs.structuredContent);
});

test('days that Float does not filter by are filtered here', async () => {
  const phases = await kit.api.listAll('phases');
  const range = '2026-11-01..2026-11-30';
  const expected = phases.filter(({ start_date: from, end_date: to }) => from <= '2026-11-30' && to >= '2026-11-01');
  const { structuredContent } = await kit.call('find-record', { resource: 'phases', filters: { range }, limit: 200 });
  expect(structuredContent).toMatchObject({ total: expected.length });
  expect(expected.length).toBeLessThan(phases.length);
});

test('a record is created, changed and emptied', async () => {
  const fields = { name: 'Research', parent_id: 'Strategy' };
  const created = await kit.call('save-record', { resource: 'department', fields });
  const { record } = created.structuredContent as { record: { id: number } };
  expect(created.structuredContent).toMatchObject({ action: 'created', record: { name: 'Research' } });
  const changed = await kit.call('save-record', { resource: 'department', id: record.id, clear: ['parent_id'] });
  expect(changed.structuredContent).toEqual({ action: 'updated', record: { id: record.id, name: 'Research' } });
});

test.each([
  ['find-record', { resource: 'phases', filters: { color: 'red' } }, 'For phases there are: name, range, project'],
  ['save-record', { resource: 'role', fields: { level: 3 } }, 'For role there are: name, default_hourly_rate'],
  ['save-record', { resource: 'client' }, 'also needs name'],
  ['save-record', { resource: 'account', fields: {} }, 'resource'],
])('%s %j is refused with what there is', async (tool, args, message) => {
  const result = await kit.call(tool, args);
  expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
});
