import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

/** Numbers that can be worked out by hand. Today is Monday 2026-11-23. */
let kit: Kit;
const id: Record<string, number> = {};

beforeAll(async () => {
  kit = await openKit({ seed: false });
  id['website'] = await kit.add('projects', { name: 'Website' });
  id['ann'] = await kit.add('people', { name: 'Ann', job_title: 'Designer', tags: [{ name: 'Figma' }] });
  id['bob'] = await kit.add('people', { name: 'Bob', job_title: 'Developer' });
  // Tuesday and Wednesday, 5 hours each.
  id['cem'] = await kit.add('people', { name: 'Cem', job_title: 'Designer', work_days_hours: [0, 0, 5, 5, 0, 0, 0] });
  const work = { project_id: id['website'], start_date: '2026-11-23', end_date: '2026-11-27' };
  await kit.add('allocations', { ...work, people_id: id['ann'], hours: 6 });
  await kit.add('allocations', { ...work, people_id: id['bob'], hours: 8, status: 1 });
});
afterAll(() => kit.close());

interface Available {
  people: { name: string; start: string; finish: string; days: { day: string; hours: number }[] }[];
  partly: { name: string; free_hours: number }[];
  matching: number;
  filters: string[];
}
const find = async (args: object) => {
  const result = await kit.call('find-available', { hours: 12, range: 'this week', ...args });
  return result.structuredContent as unknown as Available;
};
const when = ({ people }: Available) =>
  people.map(({ name, start, finish }) => [name, start.slice(8), finish.slice(8)]);

describe('on a Friday', () => {
  beforeAll(() => {
    kit.clock.today = '2026-11-27';
  });
  afterAll(() => {
    kit.clock.today = '2026-11-23';
  });

  test('offers the rest of the week without past days', async () => {
    const found = await find({ hours: 5 });
    expect(when(found)).toEqual([['Bob', '27', '27']]);
    expect(found.partly).toMatchObject([{ name: 'Ann', free_hours: 2 }]);
    expect(found.filters).toContain('from today on');
    const free = await kit.call('who-is-free', { range: 'this week' });
    const { people } = free.structuredContent as { people: { name: string; free_hours: number }[] };
    expect(people.map(({ name, free_hours: hours }) => [name, hours])).toEqual([
      ['Bob', 8],
      ['Ann', 2],
    ]);
  });

  test('a past range is an error that states the current date', async () => {
    const range = '2026-11-23..2026-11-26';
    const result = await kit.call('find-available', { hours: 1, range });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('today is 2026-11-27')]);
    const free = await kit.call('who-is-free', { range });
    expect(free.structuredContent).toMatchObject({ range: { from: '2026-11-23', to: '2026-11-26' } });
    expect(textOf(free)).toContain('these days are over');
  });
});

describe('people who can do the work', () => {
  test('the earliest finish comes first, with the hours of each day; people without enough time are listed apart', async () => {
    const found = await find({});
    // Bob's work is only tentative: 8 + 4. Ann has 2 hours a day: 10 in all. Cem has 5 + 5.
    expect(when(found)).toEqual([['Bob', '23', '24']]);
    expect(found.people[0]?.days).toEqual([
      { day: '2026-11-23', hours: 8 },
      { day: '2026-11-24', hours: 4 },
    ]);
    expect(found.partly.map(({ name, free_hours: free }) => [name, free])).toEqual([
      ['Ann', 10],
      ['Cem', 10],
    ]);
  });

  test.each([
    // Ann: 5 days of 2 hours, then one of 8, of which 2 are left to do.
    [
      'a longer range',
      { range: 'next 2 weeks' },
      [
        ['Bob', '23', '24'],
        ['Ann', '23', '30'],
        ['Cem', '24', '01'],
      ],
    ],
    ['no more than 3 a day', { most_hours_per_day: 3 }, [['Bob', '23', '26']]],
    [
      'tentative work in the way',
      { include_tentative: true, hours: 10 },
      [
        ['Cem', '24', '25'],
        ['Ann', '23', '27'],
      ],
    ],
    [
      'a role',
      { hours: 10, role: 'Designer' },
      [
        ['Cem', '24', '25'],
        ['Ann', '23', '27'],
      ],
    ],
    ['a tag', { hours: 4, tag: 'figma' }, [['Ann', '23', '24']]],
    ['a limit', { hours: 4, limit: 1 }, [['Bob', '23', '23']]],
  ])('%s', async (_what, args, expected) => {
    expect(when(await find(args))).toEqual(expected);
  });

  test('states the request and the number of further people', async () => {
    const result = await kit.call('find-available', { hours: 4, range: 'this week', limit: 1, most_hours_per_day: 4 });
    expect(textOf(result)).toBe(
      [
        '3 people can do 4 h within Mon 2026-11-23 to Sun 2026-11-29. The first 1 are listed.',
        `- Bob (id ${id['bob']}, Developer) on Mon 2026-11-23`,
        'Filters: active people; no placeholders; at most 4 h a day; tentative work not counted. ' +
          'Read 3 people, 2 allocations, 0 time-off records, 0 holidays.',
      ].join('\n'),
    );
  });

  test('without a range it looks 8 weeks ahead', async () => {
    expect(await find({ range: undefined, hours: 1 })).toMatchObject({
      range: { from: '2026-11-23', to: '2027-01-17' },
    });
  });

  test.each([
    [{ hours: 0 }, 'hours'],
    [{ hours: 4, role: 'Designr' }, 'Designer'],
    [{ hours: 4, tag: 'figmaa' }, 'The nearest tags are: Figma.'],
    [{ hours: 4, range: 'soon' }, 'is not a date range I know'],
  ])('refuses %j in words', async (args, message) => {
    const result = await kit.call('find-available', args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  });
});
