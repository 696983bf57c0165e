import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;
const id: Record<string, number> = {};
const MONDAY = { start_date: '2026-11-23', end_date: '2026-11-23' };
const TUESDAY = { start_date: '2026-11-24', end_date: '2026-11-24' };

beforeAll(async () => {
  kit = await openKit({ seed: false });
  id['website'] = await kit.add('projects', { name: 'Website' });
  id['app'] = await kit.add('projects', { name: 'App' });
  id['design'] = await kit.add('departments', { name: 'Design' });
  id['ann'] = await kit.add('people', { name: 'Ann', department_id: id['design'] });
  id['bob'] = await kit.add('people', { name: 'Bob' });
  id['role'] = await kit.add('people', { name: 'A designer', people_type_id: 4 });
  const type = await kit.add('timeoff-types', { timeoff_type_name: 'Holiday' });
  const work = { project_id: id['website'], ...MONDAY };
  // Ann is away on Monday with 6 + 2 hours of work, and perhaps on Tuesday with 3 that are only tentative.
  await kit.add('allocations', { ...work, people_id: id['ann'], hours: 6 });
  await kit.add('allocations', { ...work, people_id: id['ann'], project_id: id['app'], hours: 2 });
  await kit.add('allocations', { ...work, ...TUESDAY, people_id: id['ann'], hours: 3, status: 1 });
  // Bob takes 4 hours off on Monday with 6 of work: 2 do not fit. On Tuesday 4 of work fit beside the 4 hours off.
  await kit.add('allocations', { ...work, people_id: id['bob'], hours: 6 });
  await kit.add('allocations', { ...work, ...TUESDAY, people_id: id['bob'], hours: 4 });
  await kit.add('allocations', { ...work, people_id: id['role'], hours: 8 });
  const leave = { timeoff_type_id: type, full_day: 1, hours: 0, ...MONDAY };
  await kit.add('timeoffs', { ...leave, people_ids: [id['ann'], id['role']] } as never);
  await kit.add('timeoffs', { ...leave, people_ids: [id['ann']], ...TUESDAY, status: 1 } as never);
  const half = { ...leave, people_ids: [id['bob']], full_day: 0, hours: 4, end_date: '2026-11-24' };
  await kit.add('timeoffs', half as never);
});
afterAll(() => kit.close());

interface Clashes {
  people: { name: string; confirmed_clash_hours: number; tentative_clash_hours: number; days: unknown[] }[];
  matching: number;
}
const clash = async (args: Record<string, unknown> = {}) =>
  (await kit.call('leave-clashes', args)).structuredContent as unknown as Clashes;
const hours = ({ people }: Clashes) =>
  people.map(({ name, confirmed_clash_hours: sure, tentative_clash_hours: maybe }) => [name, sure, maybe]);

describe('leave that clashes with work', () => {
  test.each([
    [
      'all people',
      {},
      [
        ['Ann', 8, 0],
        ['Bob', 2, 0],
      ],
    ],
    [
      'tentative work too',
      { include_tentative: true },
      [
        ['Ann', 8, 3],
        ['Bob', 2, 0],
      ],
    ],
    ['one person', { person: 'Bob' }, [['Bob', 2, 0]]],
    ['a department', { department: 'Design' }, [['Ann', 8, 0]]],
    ['days with work on a project: all of the day belongs together', { project: 'App' }, [['Ann', 8, 0]]],
    [
      'placeholders',
      { include_placeholders: true },
      [
        ['A designer', 8, 0],
        ['Ann', 8, 0],
        ['Bob', 2, 0],
      ],
    ],
    ['a placeholder by name', { person: 'A designer' }, [['A designer', 8, 0]]],
    ['a person of another department', { person: 'Bob', department: 'Design' }, []],
    ['a range without leave', { range: '2027-03' }, []],
  ])('%s', async (_what, args, expected) => {
    expect(hours(await clash(args))).toEqual(expected);
  });

  test('the first of more, with leave and work', async () => {
    const result = await kit.call('leave-clashes', { range: 'this week', limit: 1 });
    expect(result.structuredContent).toMatchObject({
      matching: 2,
      confirmed_clash_hours: 10,
      people: [
        {
          days: [
            {
              ...{ day: '2026-11-23', scheduled: 8, confirmed_clash: 8, tentative_clash: 0 },
              leave: [{ type: 'Holiday', confirmed: true }],
              work: [
                { project: 'Website', hours: 6 },
                { project: 'App', hours: 2 },
              ],
            },
          ],
        },
      ],
    });
    expect(textOf(result)).toBe(
      [
        '2 people have work on days of leave, Mon 2026-11-23 to Sun 2026-11-29: 10 h against confirmed leave, ' +
          '0 h against tentative. The first 1 are listed.',
        `- Ann (id ${id['ann']}): Mon 2026-11-23 8 h (Holiday; Website 6 h, App 2 h)`,
        'Filters: active people; no placeholders; tentative work not counted. ' +
          'Read 2 people, 6 allocations, 3 time-off records, 0 holidays.',
      ].join('\n'),
    );
  });

  test.each([
    [{ person: 'Bobb' }, 'The nearest are: Bob'],
    [{ project: 'Websites' }, 'The nearest are: Website'],
    [{ range: 'some day' }, 'is not a date range I know'],
  ])('refuses %j in words', async (args, message) => {
    const result = await kit.call('leave-clashes', args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  });
});
