/** A small team with numbers that can be worked out by hand. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callTool as askKit, errorTextOf } from '../testing/call-tool.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { showUtilization } from './show-utilization.js';

interface Row {
  id?: number;
  name: string;
  people: number;
  from: string;
  percent: Record<string, number>;
  [hours: string]: unknown;
}
interface Used {
  total: Row;
  groups: Row[];
  periods: Row[];
  formula: string;
  filters: string[];
  records_read: Record<string, number>;
  matching: number;
}

const ask = (args: Record<string, unknown>) => askKit<Used>(kit, 'show-utilization', args);

let kit: Kit;
const id: Record<string, number> = {};
/** The week runs from Monday 2026-11-23, today. */
const week = { start_date: '2026-11-23', end_date: '2026-11-27' };
beforeAll(async () => {
  kit = await openKit({ seed: false, tools: [showUtilization] });
  id['design'] = await kit.add('departments', { name: 'Design' });
  const type = await kit.add('timeoff-types', { timeoff_type_name: 'Vacation' });
  const site = await kit.add('projects', { name: 'Website' });
  const internal = await kit.add('projects', { name: 'Internal', non_billable: 1 });
  const pitch = await kit.add('projects', { name: 'Pitch', status: 1 });
  id['ann'] = await kit.add('people', { name: 'Ann', department_id: id['design'], job_title: 'Designer' });
  id['bob'] = await kit.add('people', { name: 'Bob', work_days_hours: [0, 4, 4, 4, 4, 0, 0] });
  await kit.add('people', { name: 'Gone', active: 0 });
  await kit.add('people', { name: 'To hire', people_type_id: 3 });
  // Ann: Friday off, so four days of 6 + 3 hours; on a day of 8 hours that is one too many.
  await kit.add('allocations', { project_id: site, people_id: id['ann'], ...week, hours: 6 });
  await kit.add('allocations', { project_id: internal, people_id: id['ann'], ...week, hours: 3 });
  await kit.add('timeoffs', {
    timeoff_type_id: type,
    people_ids: [id['ann']],
    start_date: '2026-11-27',
    end_date: '2026-11-27',
    full_day: 1,
  } as never);
  // Bob: confirmed by itself, but its project is tentative.
  await kit.add('allocations', { project_id: pitch, people_id: id['bob'], ...week, hours: 2, status: 2 });
  const monday = { date: '2026-11-23' };
  await kit.add('logged-time', { people_id: id['ann'], project_id: site, ...monday, hours: 7.5 });
  await kit.add('logged-time', { people_id: id['ann'], project_id: internal, ...monday, hours: 1.25 });
});
afterAll(() => kit.close());

test('hours and per cents', async () => {
  const found = await ask({ range: 'this week' });
  expect(found.groups).toEqual([
    {
      id: id['ann'],
      name: 'Ann',
      people: 1,
      capacity: 32,
      scheduled: 36,
      billable: 24,
      non_billable: 12,
      unscheduled: 0,
      overtime: 4,
      time_off: 8,
      tentative: 0,
      logged: 8.75,
      logged_billable: 7.5,
      logged_overtime: 0.75,
      percent: {
        scheduled: 112.5,
        billable: 75,
        logged: 27.3,
        logged_billable: 23.4,
        billable_of_scheduled: 66.7,
        billable_of_logged: 85.7,
      },
    },
    {
      id: id['bob'],
      name: 'Bob',
      people: 1,
      capacity: 16,
      scheduled: 0,
      billable: 0,
      non_billable: 0,
      unscheduled: 16,
      overtime: 0,
      time_off: 0,
      tentative: 8,
      logged: 0,
      logged_billable: 0,
      logged_overtime: 0,
      percent: { scheduled: 0, billable: 0, logged: 0, logged_billable: 0 },
    },
  ]);
  expect(found.total).toMatchObject({ people: 2, capacity: 48, scheduled: 36, percent: { scheduled: 75 } });
});

test('tentative work counts when asked for; who has no department is still somewhere', async () => {
  const found = await ask({ range: 'this week', include_tentative: true, group_by: 'department' });
  expect(found.groups.map(({ id: group, name, scheduled }) => [group, name, scheduled])).toEqual([
    [id['design'], 'Design', 36],
    [undefined, 'no department', 8],
  ]);
});

test('the text has the formula, the filters and the number of records', async () => {
  const text = textOf(await kit.call('show-utilization', { range: 'this week', department: 'Design' }));
  expect(text).toBe(
    [
      '1 person, Mon 2026-11-23 to Sun 2026-11-29: scheduled 36 (112.5 %), 24 billable; logged 8.75 (27.3 %); ' +
        'capacity 32; unscheduled 0; overtime 4; time off 8 h.',
      `- Ann (id ${id['ann']}): scheduled 36 (112.5 %), 24 billable; logged 8.75 (27.3 %); capacity 32; ` +
        'unscheduled 0; overtime 4; time off 8 h',
      'Formula: scheduled % = scheduled hours / capacity; capacity = working hours less confirmed leave and holidays.',
      'Filters: active people; no placeholders; department Design; tentative work not counted. ' +
        'Read 3 people, 3 allocations, 1 time-off records, 0 holidays. Read 2 time entries.',
    ].join('\n'),
  );
});

test.each([
  [{ department: 'Desing' }, 'The nearest are: Design'],
  [{ range: 'someday' }, '"someday" is not a date range I know'],
  [{ group_by: 'team' }, 'group_by'],
])('%j is refused in words', async (args, message) => {
  expect(await errorTextOf(kit, 'show-utilization', args)).toContain(message);
});

describe('with time tracking off', () => {
  beforeAll(() => {
    kit.sandbox.settings.timeTracking = false;
  });
  afterAll(() => {
    kit.sandbox.settings.timeTracking = true;
  });

  test('logged time is omitted and not 0', async () => {
    const args = { range: 'this week', periods: 'week' };
    const found = await ask(args);
    expect(JSON.stringify([found.total, found.groups, found.periods, found.records_read])).not.toContain('logged');
    const text = textOf(await kit.call('show-utilization', args));
    expect(text).toContain('time tracking is off in this account, or the key has no right to it');
    expect(text).not.toMatch(/logged|time entries/);
  });

  test('logged hours are not answered with scheduled ones', async () => {
    expect(await errorTextOf(kit, 'show-utilization', { range: 'this week', data_set: 'logged' })).toBe(
      'Logged time cannot be read: time tracking is off in this account, or the key has no right to it. ' +
        'Use data_set "scheduled".',
    );
  });
});
