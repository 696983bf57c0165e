import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;
const id: Record<string, number> = {};

interface Found {
  total: number;
  skipped: number;
  filters: string;
  records: Record<string, unknown>[];
}
async function find(what: string, args: Record<string, unknown> = {}): Promise<Found> {
  const result = await kit.call(`find-${what}`, args);
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as Found;
}
const names = ({ records }: Found) => records.map((record) => record['name']);

beforeAll(async () => {
  kit = await openKit({ seed: false });
  id['acme'] = await kit.add('clients', { name: 'Acme' });
  id['website'] = await kit.add('projects', { name: 'Website', client_id: id['acme'], status: 1, tags: ['web'] });
  id['app'] = await kit.add('projects', { name: 'App', active: 0, non_billable: 1 });
  id['design'] = await kit.add('departments', { name: 'Design' });
  id['ann'] = await kit.add('people', {
    name: 'Ann Smith',
    department_id: id['design'],
    employee_type: 0,
    tags: [{ name: 'Figma' }],
  });
  id['bob'] = await kit.add('people', { name: 'Bob Smithers', people_type_id: 2, active: 0 });
  id['holiday'] = await kit.add('timeoff-types', { timeoff_type_name: 'Holiday' });
  const week = { start_date: '2026-11-23', end_date: '2026-11-27' };
  id['both'] = await kit.add('allocations', {
    project_id: id['website']!,
    people_ids: [id['ann']!, id['bob']!],
    ...week,
    hours: 4,
  });
  id['one'] = await kit.add('allocations', {
    project_id: id['app']!,
    people_id: id['bob'],
    ...week,
    hours: 2,
    status: 1,
  });
  for (const person of [id['ann']!, id['bob']!]) {
    await kit.add('timeoffs', { timeoff_type_id: id['holiday']!, people_ids: [person], ...week, full_day: 1 } as never);
  }
  await kit.add('logged-time', { people_id: id['ann']!, project_id: id['website']!, date: '2026-11-20', hours: 7.5 });
});
afterAll(() => kit.close());

describe('reading records', () => {
  test('a part of a name fits however it is typed', async () => {
    const paris = await kit.add('clients', { name: 'Café L’Été – Paris' });
    for (const name of ['cafe', "l'ete", 'ete - paris', 'ÉTÉ']) {
      expect((await find('clients', { name })).records).toMatchObject([{ name: 'Café L’Été – Paris' }]);
    }
    await kit.api.delete('clients', paris);
  });

  test('words for codes, booleans for 1 and 0, names beside ids, nothing that is empty', async () => {
    const { records } = await find('people', { name: 'ann' });
    expect(records).toEqual([
      expect.objectContaining({
        id: id['ann'],
        name: 'Ann Smith',
        department_id: id['design'],
        department: 'Design',
        people_type: 'employee',
        full_time: false,
        active: true,
        tags: ['Figma'],
      }),
    ]);
    expect(Object.values(records[0]!)).not.toContain(null);
    expect((await find('projects', { id: id['website'] })).records[0]).toMatchObject({
      client: 'Acme',
      status: 'tentative',
    });
    expect((await find('allocations', { id: id['both'] })).records[0]).toMatchObject({
      people_ids: [id['ann'], id['bob']],
      people: ['Ann Smith', 'Bob Smithers'],
      project: 'Website',
    });
  });

  test.each([
    ['people', { active: true }, ['Ann Smith']],
    ['people', { full_time: false }, ['Ann Smith']],
    ['people', { people_type: 'contractor' }, ['Bob Smithers']],
    ['people', { department: 'design' }, ['Ann Smith']],
    ['people', { tag: 'figma' }, ['Ann Smith']],
    ['people', { name: 'SMITH' }, ['Ann Smith', 'Bob Smithers']],
    ['people', { name: 'smith', active: false }, ['Bob Smithers']],
    ['people', { sort: '-name' }, ['Bob Smithers', 'Ann Smith']],
    ['projects', { client: 'acme' }, ['Website']],
    ['projects', { non_billable: true }, ['App']],
    ['projects', { status: 'tentative' }, ['Website']],
    ['clients', {}, ['Acme']],
  ])('find-%s %j', async (what, args, expected) => {
    expect(names(await find(what, args))).toEqual(expected);
  });

  test.each([
    ['allocations', { person: 'Bob' }, 2],
    ['allocations', { person: 'Ann' }, 1],
    // Bob Smithers fits as well, but is archived.
    ['allocations', { person: 'smith' }, 1],
    ['allocations', { project: 'App', status: 'tentative' }, 1],
    ['allocations', { client: 'Acme', range: 'this week' }, 1],
    ['allocations', { range: 'next week' }, 0],
    ['time-off', { range: 'this week' }, 2],
    ['time-off', { person: 'Ann', range: 'this week', time_off_type: 'Holiday' }, 1],
    ['time-off', { full_day: false }, 0],
    ['time-off-types', { name: 'holi' }, 1],
    ['logged-time', { person: 'Ann', range: 'last week' }, 1],
    ['logged-time', { range: 'today' }, 0],
  ])('find-%s %j counts %d', async (what, args, total) => {
    expect((await find(what, args)).total).toBe(total);
  });

  test('limit and skip page through what matches, and the total stays', async () => {
    expect(await find('people', { limit: 1 })).toMatchObject({ total: 2, records: [{ name: 'Ann Smith' }] });
    expect(await find('people', { limit: 1, skip: 1 })).toMatchObject({
      total: 2,
      records: [{ name: 'Bob Smithers' }],
    });
    expect(await find('people', { name: 'smith', skip: 1 })).toMatchObject({
      total: 2,
      records: [{ name: 'Bob Smithers' }],
    });
  });

  test('the text has one line per record and states the filters', async () => {
    expect(textOf(await kit.call('find-allocations', { person: 'Ann' }))).toBe(
      [
        '1 allocation record (filters: person = Ann).',
        `#${id['both']}: people Ann Smith, Bob Smithers, project Website, start_date 2026-11-23, end_date 2026-11-27, ` +
          'hours 4, status confirmed, repeat_state none',
      ].join('\n'),
    );
  });

  test('the team of a project has names, and money is a number', async () => {
    await kit.api.update('projects', id['app']!, {
      project_team: { add: [{ people_id: id['ann'], hourly_rate: 90 }] },
    });
    expect((await find('projects', { id: id['app'] })).records[0]).toMatchObject({
      project_team: [{ people_id: id['ann'], person: 'Ann Smith', hourly_rate: 90 }],
    });
  });

  test('one record by id includes all expansions', async () => {
    const { records } = await find('projects', { id: id['website'] });
    expect(records[0]).toMatchObject({ id: id['website'], tags: ['web'] });
    const entries = await find('logged-time', { limit: 1 });
    expect((await find('logged-time', { id: entries.records[0]!['id'] })).records[0]).toMatchObject({
      hours: 7.5,
      person: 'Ann Smith',
    });
  });
});

describe('errors have a message', () => {
  test.each([
    ['find-people', { department: 'Sales' }, 'No department is called "Sales". The nearest are: Design'],
    ['find-allocations', { range: 'whenever' }, 'Examples: "today"'],
    ['find-people', { id: 999 }, 'Look the record up first'],
    ['find-people', { departmnt: 'Design' }, 'departmnt'],
    ['find-people', { people_type: 'robot' }, 'people_type'],
  ])('%s %j', async (tool, args, message) => {
    const result = await kit.call(tool, args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  });

  test('two people with the name are both listed', async () => {
    await kit.add('people', { name: 'Ann Smithson' });
    const result = await kit.call('find-allocations', { person: 'ann smi' });
    expect(textOf(result)).toMatch(
      /"ann smi" fits more than one person: Ann Smith \(id \d+\), Ann Smithson \(id \d+\)/,
    );
  });

  test('a failure of Float is a result too', async () => {
    const repair = kit.sandbox.faults.add({ does: 'status', status: 503, path: '/people' });
    const result = await kit.call('find-people');
    repair();
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringMatching(/503.*Try again in a moment/s)]);
  });

  test('a cancelled call asks Float for nothing more', async () => {
    kit.requests.length = 0;
    const result = await kit.call('find-people', {}, AbortSignal.abort());
    expect([result.isError, kit.requests]).toEqual([true, []]);
  });
});
