import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;
const id: Record<string, number> = {};

beforeAll(async () => {
  kit = await openKit({ seed: false });
  id['client'] = await kit.add('clients', { name: 'Acme' });
  for (const name of ['Ann', 'Bob', 'Cem', 'Gone']) {
    id[name] = await kit.add('people', { name, ...(name === 'Ann' ? { job_title: 'Designer' } : {}) });
  }
  id['website'] = await kit.add('projects', { name: 'Website', client_id: id['client'] });
  await kit.api.update('projects', id['website'], { project_team: { add: [{ people_id: id['Cem'] }] } } as never);
  id['phase'] = await kit.add('phases', {
    ...{ project_id: id['website'], name: 'Later', status: 1, start_date: '2026-11-25', end_date: '2026-12-31' },
  });
  const work = { project_id: id['website'], start_date: '2026-11-23', end_date: '2026-11-24' };
  await kit.add('allocations', { ...work, people_id: id['Ann'], hours: 4 });
  await kit.add('allocations', { ...work, people_id: id['Ann'], end_date: '2026-11-23', hours: 1, status: 1 });
  // Confirmed, but in a tentative phase: Thursday to the Monday after.
  const later = { start_date: '2026-11-26', end_date: '2026-11-30', phase_id: id['phase'] };
  await kit.add('allocations', { ...work, ...later, people_id: id['Bob'], hours: 5 });
  await kit.add('allocations', { ...work, people_id: id['Gone'], hours: 2 });
  await kit.add('allocations', { ...work, end_date: '2026-11-23', hours: 3 } as never);
  await kit.add('allocations', { ...work, people_id: id['Bob'], hours: 8, status: 4 });
  await kit.api.update('people', Number(id['Gone']), { active: 0 });
});
afterAll(() => kit.close());

interface Works {
  people: Record<string, unknown>[];
  unassigned_hours: number;
  confirmed_hours: number;
  tentative_hours: number;
}
const show = async (args: object = {}) => {
  const result = await kit.call('who-works-on', { project: 'Website', ...args });
  return result.structuredContent as unknown as Works;
};
const rows = ({ people }: Works) =>
  people.map((one) => [one['name'], one['confirmed_hours'], one['tentative_hours'], one['first'], one['last']]);

describe('who-works-on', () => {
  test('all people with hours, former ones too; work of a tentative phase is tentative', async () => {
    const found = await show();
    expect(rows(found)).toEqual([
      ['Bob', 0, 15, '2026-11-26', '2026-11-30'],
      ['Ann', 8, 1, '2026-11-23', '2026-11-24'],
      ['Gone', 4, 0, '2026-11-23', '2026-11-24'],
    ]);
    expect(found).toMatchObject({
      project: { id: id['website'], client: 'Acme', status: 'confirmed', archived: false },
      unassigned_hours: 3,
      // Unassigned hours are included.
      confirmed_hours: 15,
      tentative_hours: 16,
      without_work: [{ id: id['Cem'], name: 'Cem' }],
    });
  });

  test('in a range, and without tentative work', async () => {
    expect(rows(await show({ range: '2026-11-24..2026-11-26' }))).toEqual([
      ['Bob', 0, 5, '2026-11-26', '2026-11-26'],
      ['Ann', 4, 0, '2026-11-24', '2026-11-24'],
      ['Gone', 2, 0, '2026-11-24', '2026-11-24'],
    ]);
    expect(rows(await show({ include_tentative: false }))).toEqual([
      ['Ann', 8, 0, '2026-11-23', '2026-11-24'],
      ['Gone', 4, 0, '2026-11-23', '2026-11-24'],
    ]);
  });

  test('in words, with those who are in no team and those of the team without work', async () => {
    const text = textOf(await kit.call('who-works-on', { project: 'web', range: 'this week', limit: 2 }));
    expect(text.split('\n')).toEqual([
      'Website (Acme, confirmed), Mon 2026-11-23 to Sun 2026-11-29: 15 h confirmed, 11 h tentative, 3 people. The 2 with most hours are listed.',
      `- Bob (id ${id['Bob']}, not in the team) 0 h confirmed, 10 h tentative: Thu 2026-11-26 to Fri 2026-11-27`,
      `- Ann (id ${id['Ann']}, Designer, not in the team) 8 h confirmed, 1 h tentative: Mon 2026-11-23 to Tue 2026-11-24`,
      '- unassigned: 3 h',
      'In the team without work: Cem.',
      'Filters: work in the range; tentative work listed apart. ' +
        'Read 6 allocations, 4 people, 1 phases, 0 time entries, 0 time-off records.',
    ]);
  });

  test.each([
    [{ project: 'Websight' }, 'The nearest are: Website'],
    [{ project: 'Website', range: 'then' }, 'is not a date range I know'],
    [{}, 'project'],
  ])('refuses %j in words', async (args, message) => {
    const result = await kit.call('who-works-on', args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  });
});

test('work of people who are archived is marked', async () => {
  const { people } = await show();
  expect(people.filter(({ archived }) => archived).map(({ name }) => name)).toEqual(['Gone']);
  const text = textOf(await kit.call('who-works-on', { project: 'Website' }));
  expect(text).toMatch(/^- Gone \(id \d+, not in the team, archived\) /m);
});
