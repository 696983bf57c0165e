import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

/** A small team with numbers that can be worked out by hand. The week runs from Monday 2026-11-23. */
let kit: Kit;
const id: Record<string, number> = {};

beforeAll(async () => {
  kit = await openKit({ seed: false });
  id['design'] = await kit.add('departments', { name: 'Design' });
  id['ux'] = await kit.add('departments', { name: 'UX', parent_id: id['design'] });
  id['project'] = await kit.add('projects', { name: 'Website' });
  id['type'] = await kit.add('timeoff-types', { timeoff_type_name: 'Holiday' });
  id['ann'] = await kit.add('people', {
    name: 'Ann',
    job_title: 'Designer',
    department_id: id['design'],
    tags: [{ name: 'Figma' }],
  });
  id['bob'] = await kit.add('people', { name: 'Bob', job_title: 'Developer', department_id: id['ux'] });
  // Tuesday and Wednesday, 5 hours each.
  id['cem'] = await kit.add('people', {
    name: 'Cem',
    job_title: 'Designer',
    work_days_hours: [0, 0, 5, 5, 0, 0, 0],
    employee_type: 0,
  });
  await kit.add('people', { name: 'Old', active: 0 });
  await kit.add('people', { name: 'Somebody', people_type_id: 3 });
  await kit.add('people', { name: 'Some role', people_type_id: 4 });
  const work = { project_id: id['project']!, start_date: '2026-11-23', end_date: '2026-11-27' };
  await kit.add('allocations', { ...work, people_ids: [id['ann']!, id['cem']!], hours: 3 });
  await kit.add('allocations', { ...work, people_id: id['bob']!, hours: 8, status: 1 });
  const friday = { start_date: '2026-11-27', end_date: '2026-11-27' };
  await kit.add('timeoffs', {
    timeoff_type_id: id['type']!,
    people_ids: [id['ann']!],
    ...friday,
    full_day: 1,
    hours: 0,
  } as never);
  await kit.add('holidays', { name: 'Team day', date: '2026-11-24' });
});
afterAll(() => kit.close());

interface Free {
  people: { id: number; name: string; free_hours: number; days: { day: string; free: number }[] }[];
  [key: string]: unknown;
}
async function free(args: Record<string, unknown> = {}): Promise<Free> {
  const result = await kit.call('who-is-free', { range: 'this week', ...args });
  expect(textOf(result)).not.toMatch(/undefined|NaN/);
  return result.structuredContent as unknown as Free;
}
const hours = ({ people }: Free) => people.map(({ name, free_hours }) => [name, free_hours]);

describe('who-is-free', () => {
  test('most free first, without archived people and placeholders', async () => {
    const found = await free();
    // Bob: Mon, Wed, Thu, Fri at 8. Ann: Mon, Wed, Thu at 8 - 3. Cem: Wed 5 - 3; Tuesday is the team's day off.
    expect(hours(found)).toEqual([
      ['Bob', 32],
      ['Ann', 15],
      ['Cem', 2],
    ]);
    expect(found['placeholders_left_out']).toBe(1);
  });

  test('hours per person and day', async () => {
    const { people } = await free({ department: 'Design' });
    expect(people.find(({ name }) => name === 'Ann')?.days).toEqual([
      { day: '2026-11-23', free: 5, capacity: 8, scheduled: 3 },
      { day: '2026-11-25', free: 5, capacity: 8, scheduled: 3 },
      { day: '2026-11-26', free: 5, capacity: 8, scheduled: 3 },
    ]);
  });

  test.each([
    [
      { include_tentative: true },
      [
        ['Ann', 15],
        ['Cem', 2],
      ],
    ],
    [{ min_hours: 16 }, [['Bob', 32]]],
    [
      { department: 'design' },
      [
        ['Bob', 32],
        ['Ann', 15],
      ],
    ],
    [{ department: 'UX' }, [['Bob', 32]]],
    [
      { role: 'designer' },
      [
        ['Ann', 15],
        ['Cem', 2],
      ],
    ],
    [{ tag: 'figma' }, [['Ann', 15]]],
    [{ role: 'designer', limit: 1 }, [['Ann', 15]]],
    [
      { include_placeholders: true, min_hours: 20 },
      [
        ['Bob', 32],
        ['Some role', 32],
        ['Somebody', 32],
      ],
    ],
  ])('with %j', async (args, expected) => {
    expect(hours(await free(args))).toEqual(expected);
  });

  test('work of a tentative project takes no time unless it is asked for', async () => {
    const maybe = await kit.add('projects', { name: 'Maybe', status: 1 });
    const dates = { start_date: '2026-12-07', end_date: '2026-12-11' };
    await kit.add('allocations', { project_id: maybe, people_id: id['bob']!, ...dates, hours: 6, status: 2 });
    const bob = async (args: object) =>
      hours(await free({ range: '2026-12-07..2026-12-11', department: 'UX', ...args }));
    expect(await bob({})).toEqual([['Bob', 40]]);
    expect(await bob({ include_tentative: true })).toEqual([['Bob', 10]]);
  });

  test('states its filters and the number of records', async () => {
    const found = await free({ department: 'Design', tag: 'Figma' });
    expect(found['filters']).toEqual([
      'active people',
      'no placeholders',
      'department Design and 1 below it',
      'tag Figma',
      'at least 1 free hours',
      'tentative work not counted',
    ]);
    expect(found['records_read']).toEqual({
      people: 4,
      allocations: 2,
      time_off: 1,
      public_holidays: 0,
      team_holidays: 1,
    });
  });

  test('reports progress while it reads', async () => {
    kit.progress.length = 0;
    await free();
    expect(kit.progress.map(([done, total]) => [done, total])).toEqual([
      [1, 7],
      [2, 7],
      [3, 7],
      [4, 7],
      [5, 7],
      [6, 7],
      [7, 7],
    ]);
    expect(kit.progress.map(([, , message]) => message)).toContain('Read 4 people');
  });

  test.each([
    [{ range: 'one day' }, '"one day" is not a date range I know'],
    [{ range: 'today', department: 'Sales' }, 'No department is called "Sales"'],
    [{ range: 'today', tag: 'figmaa' }, 'No active person has the tag "figmaa". The nearest tags are: Figma.'],
    [{ range: 'today', who: 'Ann' }, 'who'],
  ])('refuses %j in words', async (args, message) => {
    const result = await kit.call('who-is-free', args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  });

  test('the text is short, and complete enough to answer with', async () => {
    const text = textOf(await kit.call('who-is-free', { range: 'today', role: 'designer' }));
    expect(text).toBe(
      [
        '1 of 2 people have free hours, Mon 2026-11-23.',
        `- Ann (id ${id['ann']}, Designer, Design) 5 h free: Mon 2026-11-23 5`,
        'Filters: active people; no placeholders; role Designer; at least 1 free hours; tentative work not counted. ' +
          'Read 4 people, 2 allocations, 0 time-off records, 1 holidays.',
      ].join('\n'),
    );
  });
});
