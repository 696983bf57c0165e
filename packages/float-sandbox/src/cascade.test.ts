/** Records that are deleted with another one, and records that only lose a reference. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, openApi } from '../test/support/api.js';

const WEEK = { start_date: '2026-11-23', end_date: '2026-11-27' };

let api: Api;
let ava: number;
let ben: number;
let project: number;
beforeEach(async () => {
  api = openApi();
  ava = await api.make('/people', 'people_id', { name: 'Ava' });
  ben = await api.make('/people', 'people_id', { name: 'Ben' });
  project = await api.make('/projects', 'project_id', { name: 'Atlas' });
});
afterEach(() => api.sandbox.close());

const work = (body: object) => api.make('/tasks', 'task_id', { project_id: project, ...WEEK, hours: 8, ...body });
const log = (people_id: number) =>
  api.post('/logged-time', { project_id: project, people_id, date: '2026-11-24', hours: 4 });
const all = async (path: string) => (await api.get(path)).body;

describe('DELETE person', () => {
  test('takes allocations, logged time, leave, statuses and team rows along, and leaves shared ones to the others', async () => {
    const timeoff_type_id = await api.make('/timeoff-types', 'timeoff_type_id', { timeoff_type_name: 'Vacation' });
    const leave = { timeoff_type_id, full_day: 1, ...WEEK };
    await work({ people_id: ava });
    const shared = await work({ people_ids: [ava, ben] });
    await log(ava).expect(200);
    await api.make('/timeoffs', 'timeoff_id', { ...leave, people_ids: [ava] });
    const outing = await api.make('/timeoffs', 'timeoff_id', { ...leave, people_ids: [ben, ava] });
    await api.post('/status', { people_id: ava, status_type_id: 1, ...WEEK }).expect(201);
    await api
      .patch(`/projects/${project}`, { project_team: { set: [{ people_id: ava }, { people_id: ben }] } })
      .expect(200);

    await api.delete(`/people/${ava}`).expect(204);

    expect(await all('/tasks')).toMatchObject([{ task_id: shared, people_ids: [ben] }]);
    expect(await all('/timeoffs')).toMatchObject([{ timeoff_id: outing, people_ids: [ben] }]);
    expect(await all('/logged-time')).toEqual([]);
    await api.get('/status').expect(204);
    expect((await all(`/projects/${project}?expand=project_team`)).project_team).toMatchObject([{ people_id: ben }]);
  });

  test('hands the projects the person managed to the account owner', async () => {
    const seeded = openApi({ seed: true });
    const accounts = (await seeded.get('/accounts?expand=people_id')).body;
    const owner = accounts.find((account: { account_type: number }) => account.account_type === 1).account_id;
    const rosa = accounts.find((account: { name: string }) => account.name === 'Rosa Jiménez');
    const managed = async () =>
      (await seeded.get('/projects?per-page=200')).body.filter(
        (one: { project_manager: number }) => one.project_manager === rosa.account_id,
      );
    expect((await managed()).length).toBeGreaterThan(0);
    await seeded.delete(`/people/${rosa.people_id}`).expect(204);
    expect(await managed()).toEqual([]);
    expect(
      (await seeded.get('/projects?per-page=200')).body.map((one: { project_manager: number }) => one.project_manager),
    ).toContain(owner);
    await seeded.sandbox.close();
  });

  test('archiving keeps everything', async () => {
    await work({ people_id: ava });
    await api.patch(`/people/${ava}`, { active: 0 }).expect(200);
    expect(await all('/tasks')).toHaveLength(1);
    expect(await all('/people?active=1&fields=name')).toEqual([{ name: 'Ben' }]);
  });
});

describe('projects and their parts', () => {
  test('DELETE project takes phases, tasks, allocations, milestones and logged time along', async () => {
    await api.make('/phases', 'phase_id', { project_id: project, name: 'Build', ...WEEK });
    await api.make('/milestones', 'milestone_id', { project_id: project, name: 'Go live', date: '2026-12-01' });
    await work({ people_id: ava, name: 'Design' });
    await log(ava).expect(200);
    await api.delete(`/projects/${project}`).expect(204);
    for (const path of ['/phases', '/project-tasks', '/tasks', '/milestones', '/logged-time']) {
      expect(await all(path)).toEqual([]);
    }
    expect(await all('/people')).toHaveLength(2);
  });

  test('DELETE phase moves what it held to the project', async () => {
    const phase_id = await api.make('/phases', 'phase_id', { project_id: project, name: 'Build', ...WEEK });
    const id = await work({ people_id: ava, phase_id });
    await api.delete(`/phases/${phase_id}`).expect(204);
    expect(await all(`/tasks/${id}`)).toMatchObject({ phase_id: 0 });
  });

  test('DELETE project task is refused while it is in use', async () => {
    await work({ people_id: ava, name: 'Design' });
    const [task] = await all('/project-tasks');
    const refused = await api.delete(`/project-tasks/${task.task_meta_id}`).expect(422);
    expect(refused.body).toMatchObject([{ field: 'task_meta_id' }]);
    const spare = await api.make('/project-tasks', 'task_meta_id', { project_id: project, task_name: 'Spare' });
    await api.delete(`/project-tasks/${spare}`).expect(204);
  });

  test('leaving the team deletes the work on the project, adding does not', async () => {
    const team = (project_team: object) => api.patch(`/projects/${project}`, { project_team }).expect(200);
    await team({ set: [{ people_id: ava, hourly_rate: 90 }] });
    await team({ add: [{ people_id: ben }] });
    await work({ people_id: ava });
    const shared = await work({ people_ids: [ava, ben] });
    await log(ava).expect(200);
    await team({ del: [{ people_id: ava }] });
    expect(await all('/tasks')).toMatchObject([{ task_id: shared, people_ids: [ben] }]);
    expect(await all('/logged-time')).toEqual([]);
  });
});

test('DELETE client, department and role only clear what names them', async () => {
  const client_id = await api.make('/clients', 'client_id', { name: 'Northwind' });
  const department_id = await api.make('/departments', 'department_id', { name: 'Design' });
  const role_id = await api.make('/roles', 'id', { name: 'Designer' });
  await api.patch(`/projects/${project}`, { client_id }).expect(200);
  await api.patch(`/people/${ava}`, { department: { department_id }, role_id }).expect(200);
  await api.delete(`/clients/${client_id}`).expect(204);
  await api.delete(`/departments/${department_id}`).expect(204);
  await api.delete(`/roles/${role_id}`).expect(204);
  expect(await all(`/projects/${project}`)).toMatchObject({ client_id: null });
  expect(await all(`/people/${ava}`)).toMatchObject({ department: null, role_id: null });
});
