/** Changes of records that follow from changes of others. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, openApi } from '../test/support/api.js';
import { IDS } from './seed/ids.js';

const WEEK = { start_date: '2026-11-23', end_date: '2026-11-27' };

let api: Api;
let person: number;
let project: number;
beforeEach(async () => {
  api = openApi();
  person = await api.make('/people', 'people_id', { name: 'Ava', job_title: 'Designer' });
  project = await api.make('/projects', 'project_id', { name: 'Atlas' });
});
afterEach(() => api.sandbox.close());

const all = async (path: string) => (await api.get(path)).body;
const work = (body: object = {}) =>
  api.make('/tasks', 'task_id', { project_id: project, people_id: person, ...WEEK, hours: 8, name: 'Design', ...body });

describe('billable', () => {
  test('of work follows its project task, and so does its name', async () => {
    const id = await work();
    const [task] = await all('/project-tasks');
    await api.patch(`/project-tasks/${task.task_meta_id}`, { billable: 0, task_name: 'Sketching' }).expect(200);
    expect(await all(`/tasks/${id}`)).toMatchObject({ billable: 0, name: 'Sketching' });
  });

  test('of work and of project tasks ends with that of the project', async () => {
    const id = await work();
    await api.patch(`/projects/${project}`, { non_billable: 1 }).expect(200);
    expect(await all(`/tasks/${id}`)).toMatchObject({ billable: 0 });
    expect(await all('/project-tasks')).toMatchObject([{ billable: 0 }]);
    await api.patch(`/project-tasks/${(await all('/project-tasks'))[0].task_meta_id}`, { task_name: 'x' }).expect(200);
  });

  test('of work follows its phase', async () => {
    const phase = { project_id: project, name: 'Build', ...WEEK };
    const phase_id = await api.make('/phases', 'phase_id', phase);
    const id = await work({ phase_id });
    await api.patch(`/phases/${phase_id}`, { non_billable: 1 }).expect(200);
    expect(await all(`/tasks/${id}`)).toMatchObject({ billable: 0 });
    await api.patch(`/phases/${phase_id}`, { non_billable: 0 }).expect(200);
    expect(await all(`/tasks/${id}`)).toMatchObject({ billable: 1 });
  });
});

describe('roles and titles', () => {
  test('a renamed role renames the titles; a deleted one leaves none', async () => {
    const { role_id } = await all(`/people/${person}`);
    await api.patch(`/roles/${role_id}`, { name: 'Illustrator' }).expect(200);
    expect(await all(`/people/${person}`)).toMatchObject({ job_title: 'Illustrator', role_id });
    await api.delete(`/roles/${role_id}`).expect(204);
    expect(await all(`/people/${person}`)).toMatchObject({ job_title: null, role_id: null });
  });

  test.each([{ role_id: null }, { job_title: null }, { job_title: '' }])('%j clears both', async (changes) => {
    await api.patch(`/people/${person}`, changes).expect(200);
    expect(await all(`/people/${person}`)).toMatchObject({ job_title: null, role_id: null });
  });
});

test('archiving a person ends the access of the account, and coming back does not restore it', async () => {
  const seeded = openApi({ seed: true });
  const access = async () => (await seeded.get(`/accounts/${IDS.accounts.ben}`)).body.active;
  await seeded.patch(`/people/${IDS.people.ben}`, { active: 0 }).expect(200);
  expect(await access()).toBe(0);
  await seeded.patch(`/people/${IDS.people.ben}`, { active: 1 }).expect(200);
  expect(await access()).toBe(0);
  await seeded.sandbox.close();
});

test('a department is taken away as an object as well', async () => {
  const department_id = await api.make('/departments', 'department_id', { name: 'Design' });
  await api.patch(`/people/${person}`, { department: { department_id } }).expect(200);
  await api.patch(`/people/${person}`, { department: null }).expect(200);
  expect(await all(`/people/${person}`)).toMatchObject({ department: null });
});

test('no department is above itself, however far', async () => {
  const top = await api.make('/departments', 'department_id', { name: 'Top' });
  const middle = await api.make('/departments', 'department_id', { name: 'Middle', parent_id: top });
  const low = await api.make('/departments', 'department_id', { name: 'Low', parent_id: middle });
  await api.patch(`/departments/${top}`, { parent_id: low }).expect(422);
  await api.patch(`/departments/${low}`, { parent_id: top }).expect(200);
});

describe('teams', () => {
  test.each([
    ['an unknown person', { set: [{ people_id: 999 }] }],
    ['no role', { add: [{ people_id: 1, role_id: 999 }] }],
    ['a rate that is no number', { add: [{ people_id: 1, hourly_rate: 'much' }] }],
    ['no list', { set: { people_id: 1 } }],
    ['no instruction', { people: [1] }],
  ])('%s is refused, before any work is deleted', async (_case, project_team) => {
    const id = await work();
    await api.patch(`/projects/${project}`, { project_team: { set: [{ people_id: person }] } }).expect(200);
    await api.patch(`/projects/${project}`, { project_team }).expect(422);
    await api.get(`/tasks/${id}`).expect(200);
  });

  test('the team of a phase are the people scheduled in it', async () => {
    const ben = await api.make('/people', 'people_id', { name: 'Ben' });
    const set = [{ people_id: person, hourly_rate: 90 }, { people_id: ben }];
    await api.patch(`/projects/${project}`, { project_team: { set } }).expect(200);
    const phase_id = await api.make('/phases', 'phase_id', { project_id: project, name: 'Build', ...WEEK });
    await work({ phase_id });
    const phase = await all(`/phases/${phase_id}?expand=phase_team`);
    expect(phase.phase_team).toEqual([{ people_id: person, role_id: null, hourly_rate: '90.00' }]);
  });
});

test('work that moves to another project takes the name of its task along', async () => {
  const other = await api.make('/projects', 'project_id', { name: 'Borealis' });
  const id = await work();
  const moved = (await api.patch(`/tasks/${id}`, { project_id: other }).expect(200)).body;
  expect(await all(`/project-tasks/${moved.task_meta_id}`)).toMatchObject({ project_id: other, task_name: 'Design' });
});

test('a hidden time entry holds no project task back', async () => {
  const task_meta_id = await api.make('/project-tasks', 'task_meta_id', { project_id: project, task_name: 'Spare' });
  const entry = { project_id: project, people_id: person, date: '2026-11-24', hours: 1, task_meta_id };
  const [{ logged_time_id }] = (await api.post('/logged-time', entry).expect(200)).body;
  await api.delete(`/project-tasks/${task_meta_id}`).expect(422);
  await api.patch(`/logged-time/${logged_time_id}`, { hours: 0 }).expect(200);
  await api.delete(`/project-tasks/${task_meta_id}`).expect(204);
});

test('modified_since finds changes by a cascade', async () => {
  const ben = await api.make('/people', 'people_id', { name: 'Ben' });
  const id = await work({ people_id: undefined, people_ids: [person, ben, ben] });
  const { modified } = await all(`/tasks/${id}`);
  await api.delete(`/people/${ben}`).expect(204);
  const later = (await all('/tasks?fields=task_id,modified,people_ids')) as { modified: string }[];
  expect(later).toMatchObject([{ people_ids: [person] }]);
  expect(later[0]!.modified > modified).toBe(true);
});
