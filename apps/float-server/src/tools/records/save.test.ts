import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;

async function save(what: string, args: Record<string, unknown>): Promise<Record<string, unknown> & { id: number }> {
  const result = await kit.call(`save-${what}`, args);
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.stringMatching(/^(Created|Updated) #/)]);
  return (result.structuredContent as { record: Record<string, unknown> & { id: number } }).record;
}
async function refusal(what: string, args: Record<string, unknown>): Promise<string> {
  const result = await kit.call(`save-${what}`, args);
  expect(result.isError).toBe(true);
  return textOf(result);
}
const week = { start_date: '2026-11-23', end_date: '2026-11-27' };

beforeAll(async () => {
  kit = await openKit({ seed: false });
  await kit.add('departments', { name: 'Design' });
  await kit.add('clients', { name: 'Acme' });
  await kit.add('timeoff-types', { timeoff_type_name: 'Holiday' });
  await save('person', {
    name: 'Ann',
    department: 'design',
    tags: ['Figma'],
    people_type: 'contractor',
    full_time: false,
  });
  await save('person', { name: 'Bob' });
  await save('project', {
    name: 'Website',
    client: 'Acme',
    status: 'tentative',
    budget_type: 'total hours',
    budget_total: 100,
  });
});
afterAll(() => kit.close());

describe('creating', () => {
  test('a record that exists already is refused, with its id; one that differs is made', async () => {
    const website = (await kit.api.listAll('projects')).find(({ name }) => name === 'Website');
    const again = { name: ' website', client: 'Acme', status: 'tentative' };
    expect(await refusal('project', again)).toContain(`with id ${website?.project_id}. To change it, give the id`);
    expect(await refusal('client', { name: 'ACME' })).toContain('give another name.');
    expect(await kit.api.listAll('clients')).toHaveLength(1);
    const others = [
      await save('project', { name: 'Website' }),
      await save('project', { ...again, project_code: 'W2' }),
    ];
    // Names of projects must be unambiguous for the tests below.
    for (const { id } of others) await kit.api.delete('projects', id);
  });

  test('takes words and names', async () => {
    const [ann] = await kit.api.listAll('people', { tag_name: 'figma' });
    expect(ann).toMatchObject({ name: 'Ann', people_type_id: 2, employee_type: 0, department: { name: 'Design' } });
    const [website] = await kit.api.listAll('projects');
    expect(website).toMatchObject({ status: 1, budget_type: 1, budget_total: '100.00' });
  });

  test('an allocation for one person, and for several', async () => {
    const one = await save('allocation', { project: 'Website', people: ['Ann'], ...week, hours: 4 });
    expect(await kit.api.get('allocations', one.id)).toMatchObject({ people_id: expect.any(Number), people_ids: null });
    const both = await save('allocation', {
      project: 'Website',
      people: ['Ann', 'Bob'],
      ...week,
      hours: 2,
      status: 'draft',
    });
    expect(both).toMatchObject({ people: ['Ann', 'Bob'], project: 'Website', status: 'draft' });
  });

  test('time off, its type, and logged time', async () => {
    expect(
      await save('time-off', { people: ['Bob'], time_off_type: 'Holiday', ...week, full_day: true }),
    ).toMatchObject({
      people: ['Bob'],
      timeoff_type_name: 'Holiday',
      full_day: true,
    });
    expect(await save('time-off-type', { timeoff_type_name: 'Course' })).toMatchObject({ active: true });
    const entry = { person: 'Ann', project: 'Website', date: '2026-11-20', hours: 7.5, notes: 'Login page' };
    expect(await save('logged-time', entry)).toMatchObject({ hours: 7.5, person: 'Ann', notes: 'Login page' });
    expect(await save('client', { name: 'Beta' })).toMatchObject({ name: 'Beta' });
  });

  test.each([
    ['allocation', { project: 'Website', hours: 4, ...week }, 'also needs people'],
    ['time-off', { people: ['Bob'], time_off_type: 'Holiday', ...week }, 'also needs hours or full_day'],
    ['person', {}, 'A new person also needs name'],
    ['person', { name: 'X', clear: ['email'] }, 'nothing to clear'],
    ['person', { name: 'X', department: 'Sales' }, 'No department is called "Sales"'],
    ['allocation', { project: 'Website', people: ['Ann'], hours: 25, ...week }, 'hours'],
    [
      'allocation',
      { project: 'Website', people: ['Ann'], hours: 4, start_date: 'monday', end_date: 'friday' },
      'YYYY-MM-DD',
    ],
    [
      'allocation',
      { project: 'Website', people: ['Ann'], hours: 4, start_date: '2026-11-27', end_date: '2026-11-23' },
      'end_date',
    ],
    ['logged-time', { person: 'Ann', project: 'Website', date: '2026-11-20', hours: 0 }, 'hours'],
    ['project', { name: 'X', project_team: { del: [1] } }, 'project_team'],
  ])('save-%s %j is refused', async (what, args, message) => {
    kit.requests.length = 0;
    expect(await refusal(what, args)).toContain(message);
    if (!message.includes('end_date')) expect(kit.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });
});

describe('changing', () => {
  test('only what is given changes', async () => {
    const { id } = await save('person', { name: 'Cem', email: 'cem@acme.com', job_title: 'Designer' });
    expect(await save('person', { id, active: false })).toMatchObject({
      name: 'Cem',
      email: 'cem@acme.com',
      active: false,
    });
  });

  test('a field can be emptied, but not set and emptied at once', async () => {
    const { id } = await save('project', { name: 'Dated', ...week, client: 'Acme' });
    const after = await save('project', { id, clear: ['client', 'end_date'] });
    expect(after).not.toHaveProperty('client_id');
    expect(await refusal('project', { id, client: 'Acme', clear: ['client'] })).toContain('cannot be set and cleared');
  });

  test('a save without changes is an error, and nothing is sent', async () => {
    expect(await refusal('client', { id: 1 })).toBe('Name at least one field to change.');
  });

  test('an entry of logged time is sent whole, because Float wants it so', async () => {
    const { id } = await save('logged-time', { person: 'Ann', project: 'Website', date: '2026-11-19', hours: 5 });
    expect(await save('logged-time', { id, hours: 6 })).toMatchObject({ hours: 6, person: 'Ann', date: '2026-11-19' });
  });

  test('an allocation moves from one person to several and back', async () => {
    const { id } = await save('allocation', { project: 'Website', people: ['Ann'], ...week, hours: 1 });
    expect(await save('allocation', { id, people: ['Ann', 'Bob'] })).toMatchObject({ people: ['Ann', 'Bob'] });
    const back = await save('allocation', { id, people: ['Bob'] });
    expect(back).toMatchObject({ person: 'Bob' });
    expect(back).not.toHaveProperty('people');
  });

  test('a phase is looked for in the project of the allocation', async () => {
    const other = await kit.add('projects', { name: 'Other' });
    const [website] = await kit.api.listAll('projects', {});
    const phase = { name: 'Build', start_date: '2026-11-01', end_date: '2026-12-31', status: 1 };
    const ours = await kit.add('phases', { ...phase, project_id: website!.project_id });
    await kit.add('phases', { ...phase, project_id: other });
    const { id } = await save('allocation', { project: 'Website', people: ['Ann'], ...week, hours: 1, phase: 'build' });
    expect(await kit.api.get('allocations', id)).toMatchObject({ phase_id: ours });
    await save('allocation', { id, clear: ['phase'] });
    await save('allocation', { id, phase: 'Build' });
    expect(await kit.api.get('allocations', id)).toMatchObject({ phase_id: ours });
  });
});
