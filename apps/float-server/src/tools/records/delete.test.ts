import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit | undefined;
let id: Record<string, number>;

async function open(): Promise<Kit> {
  await kit?.close();
  kit = await openKit({ seed: false });
  id = {};
  id['acme'] = await kit.add('clients', { name: 'Acme' });
  id['website'] = await kit.add('projects', { name: 'Website', client_id: id['acme'] });
  id['ann'] = await kit.add('people', { name: 'Ann Smith' });
  id['bob'] = await kit.add('people', { name: 'Bob' });
  const type = await kit.add('timeoff-types', { timeoff_type_name: 'Holiday' });
  const week = { start_date: '2026-11-23', end_date: '2026-11-27' };
  for (const hours of [1, 2]) {
    await kit.add('allocations', { project_id: id['website']!, people_id: id['ann'], ...week, hours });
  }
  id['off'] = await kit.add('timeoffs', {
    timeoff_type_id: type,
    people_ids: [id['ann']!],
    ...week,
    full_day: 1,
  } as never);
  await kit.add('logged-time', { people_id: id['ann']!, project_id: id['website']!, date: '2026-11-20', hours: 7 });
  kit.requests.length = 0;
  return kit;
}
let now: Kit;
beforeEach(async () => {
  now = await open();
});
afterAll(() => kit?.close());
const deletes = () => now.requests.filter((request) => request.startsWith('DELETE'));

test('without confirm nothing changes, and the preview lists what would be deleted', async () => {
  const result = await now.call('delete-record', { kind: 'person', record: 'Ann Smith' });
  expect(result.structuredContent).toMatchObject({
    deleted: false,
    record: { id: id['ann'], name: 'Ann Smith' },
    goes_with_it: [
      { what: 'allocations', count: 2 },
      { what: 'logged-time', count: 1 },
      { what: 'timeoffs', count: 1 },
    ],
  });
  expect(textOf(result)).toMatch(/^NOTHING WAS CHANGED\. .*\nThis would delete for ever: #\d+ Ann Smith/);
  expect(textOf(result)).toContain('Goes with it: 2 allocations, 1 logged-time, 1 timeoffs.');
  expect(deletes()).toEqual([]);
  expect(await now.api.listAll('people')).toHaveLength(2);
});

test('with confirm the listed records are deleted', async () => {
  const result = await now.call('delete-record', { kind: 'person', record: id['ann'], confirm: true });
  expect(result.structuredContent).toMatchObject({ deleted: true });
  expect(deletes()).toEqual([`DELETE /people/${id['ann']}`]);
  expect(await now.api.listAll('allocations')).toEqual([]);
});

test('a client goes alone; its projects only forget it', async () => {
  const result = await now.call('delete-record', { kind: 'client', record: 'acme', confirm: true });
  expect(result.structuredContent).toMatchObject({ goes_with_it: [], loses_its_reference: ['projects'] });
  expect(await now.api.get('projects', id['website']!)).toMatchObject({ client_id: null });
});

test('the beginning of a name is not enough', async () => {
  const result = await now.call('delete-record', { kind: 'person', record: 'Ann', confirm: true });
  expect([result.isError, textOf(result)]).toEqual([
    true,
    expect.stringContaining('Give the whole name or the id: Ann Smith'),
  ]);
  expect(deletes()).toEqual([]);
});

test.each([
  [{ kind: 'time-off', record: 'Holiday' }, 'is not an id'],
  [{ kind: 'time-off', record: 4711 }, 'Look the record up first'],
  [{ kind: 'time-off-type', record: 1 }, 'kind'],
  [{ kind: 'person' }, 'record'],
])('%j is refused', async (args, message) => {
  const result = await now.call('delete-record', { ...args, confirm: true });
  expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  expect(deletes()).toEqual([]);
});

test('an entry of logged time is named by its hexadecimal id', async () => {
  const [entry] = await now.api.listAll('logged-time');
  const args = { kind: 'logged-time', record: entry!.logged_time_id, confirm: true };
  expect((await now.call('delete-record', args)).structuredContent).toMatchObject({ deleted: true });
  expect(await now.api.listAll('logged-time')).toEqual([]);
});

test('features that are switched off or unknown do not prevent a deletion', async () => {
  now.sandbox.settings.timeTracking = false;
  now.sandbox.faults.add({ does: 'status', status: 404, path: '/project-expenses' });
  const person = await now.call('delete-record', { kind: 'person', record: 'Ann Smith' });
  expect(person.structuredContent).toMatchObject({
    goes_with_it: [
      { what: 'allocations', count: 2 },
      { what: 'timeoffs', count: 1 },
    ],
  });
  const project = await now.call('delete-record', { kind: 'project', record: 'Website', confirm: true });
  expect(project.structuredContent).toMatchObject({ deleted: true });
});

test('a table that cannot be counted for another reason stops the deletion', async () => {
  now.sandbox.faults.add({ does: 'status', status: 500, path: '/logged-time' });
  const result = await now.call('delete-record', { kind: 'person', record: 'Ann Smith', confirm: true });
  expect(result.isError).toBe(true);
  expect(deletes()).toEqual([]);
});
