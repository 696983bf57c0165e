/** The POSTs beside the five verbs, the newer resources, and the log of deletions. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, openApi } from '../test/support/api.js';
import { IDS } from './seed/ids.js';

const WEEK = { start_date: '2026-11-23', end_date: '2026-11-27' };

let api: Api;
let person: number;
let project: number;
beforeEach(async () => {
  api = openApi();
  person = await api.make('/people', 'people_id', { name: 'Ava' });
  project = await api.make('/projects', 'project_id', { name: 'Atlas' });
});
afterEach(() => api.sandbox.close());

const all = async (path: string) => (await api.get(path)).body;
const task = (task_name: string, more: object = {}) =>
  api.make('/project-tasks', 'task_meta_id', { project_id: project, task_name, ...more });
const work = (body: object) =>
  api.make('/tasks', 'task_id', { project_id: project, people_id: person, ...WEEK, hours: 2, ...body });
const merge = (body: object) => api.post('/project-tasks/merge', body);

describe('merging project tasks', () => {
  test('moves allocations and time entries to the one that stays, and the others go', async () => {
    const [design, drawing] = [await task('Design'), await task('Drawing')];
    const moved = await work({ task_meta_id: drawing });
    const entry = { project_id: project, people_id: person, date: '2026-11-24', hours: 1, task_meta_id: drawing };
    await api.post('/logged-time', entry).expect(200);
    const answer = await merge({ task_meta_ids: [design, drawing], task_name: 'Creation' }).expect(200);
    expect(answer.body).toMatchObject({ task_meta_id: design, task_name: 'Creation', billable: 1, count_tasks: 1 });
    expect(await all('/project-tasks')).toMatchObject([{ task_meta_id: design, count_logged_time: 1 }]);
    expect(await all(`/tasks/${moved}`)).toMatchObject({ task_meta_id: design, name: 'Creation' });
    expect(await all('/logged-time')).toMatchObject([{ task_meta_id: design, task_name: 'Creation' }]);
  });

  test('a task that has the name already takes in the others, and billable follows', async () => {
    const [admin, emails, calls] = [await task('Admin'), await task('E-mails'), await task('Calls')];
    const moved = await work({ task_meta_id: calls });
    await merge({ task_meta_ids: [emails, calls], task_name: 'admin', billable: 0 }).expect(200);
    expect(await all('/project-tasks')).toMatchObject([{ task_meta_id: admin, task_name: 'admin', billable: 0 }]);
    expect(await all(`/tasks/${moved}`)).toMatchObject({ task_meta_id: admin, billable: 0 });
  });

  test('refuses unknown tasks, tasks of two projects, and billable ones where nothing is', async () => {
    const other = await api.make('/projects', 'project_id', { name: 'Internal', non_billable: 1 });
    const here = await task('Design');
    const there = await task('Design', { project_id: other });
    const field = async (body: object) => (await merge(body).expect(422)).body[0].field;
    expect(await field({ task_meta_ids: [here, 99], task_name: 'x' })).toBe('task_meta_ids');
    expect(await field({ task_meta_ids: [here, there], task_name: 'x' })).toBe('task_meta_ids');
    expect(await field({ task_meta_ids: [there], task_name: 'x', billable: 1 })).toBe('billable');
    expect(await field({ task_meta_ids: [here] })).toBe('task_name');
    expect(await all('/project-tasks')).toHaveLength(2);
  });
});

describe('newer resources', () => {
  test('a project from a template has its settings and its tasks', async () => {
    const seeded = openApi({ seed: true });
    const [template] = (await seeded.get('/project-templates')).body;
    const body = { template_id: template.template_id, name: 'Bakery site', client_id: IDS.clients.lumen };
    const made = await seeded.post('/projects/from-template', body).expect(201);
    expect(made.body).toMatchObject({ name: 'Bakery site', client_id: IDS.clients.lumen, budget_type: 1, status: 2 });
    expect(made.headers['location']).toMatch(new RegExp(`/v3/projects/${made.body.project_id}$`));
    const tasks = (await seeded.get(`/project-tasks?project_id=${made.body.project_id}`)).body;
    expect(tasks.map((row: { task_name: string }) => row.task_name)).toEqual(['Design', 'Build', 'Testing']);
    await seeded.post('/projects/from-template', { ...body, template_id: 1 }).expect(422);
    await seeded.sandbox.close();
  });

  test('the stage of a project gives it its status, and wins over one that is sent beside it', async () => {
    const stage_id = await api.make('/project-stages', 'id', { name: 'Proposal sent', status: 1 });
    const changed = await api.patch(`/projects/${project}`, { stage_id, status: 2 }).expect(200);
    expect(changed.body).toMatchObject({ stage_id, status: 1, tentative: 1 });
    await api.delete(`/project-stages/${stage_id}`).expect(204);
    expect(await all(`/projects/${project}`)).toMatchObject({ stage_id: null, status: 1 });
  });

  test('expenses belong to a project and go with it', async () => {
    const expense = { project_id: project, name: 'Fonts', cost: 120 };
    const made = await api.post('/project-expenses', expense).expect(201);
    expect(made.body).toMatchObject({ cost: '120.00', markup: 0, billable: 1 });
    expect(await all(`/project-expenses?project_id=${project}`)).toHaveLength(1);
    await api.delete(`/projects/${project}`).expect(204);
    expect(await all('/project-expenses')).toEqual([]);
  });

  test('currencies and rate cards are read only', async () => {
    await api.get('/currencies').expect(200, []);
    await api.post('/currencies', { code: 'EUR' }).expect(404);
    await api.post('/rate-cards', { name: 'x' }).expect(404);
  });
});

describe('the log of deletions', () => {
  test('names what was deleted and what went with it, page by page', async () => {
    const id = await work({});
    await api.delete(`/projects/${project}`).expect(204);
    const first = await api.get('/deleted/tasks').expect(200);
    expect([first.body, first.headers['x-pagination-next-cursor']]).toMatchObject([[{ id }], undefined]);
    const other = await api.make('/projects', 'project_id', { name: 'Boreas' });
    const more = [await work({ project_id: other }), await work({ project_id: other })];
    for (const one of more) await api.delete(`/tasks/${one}`).expect(204);
    const second = await api.get('/deleted/tasks?limit=2').expect(200);
    expect(second.body).toMatchObject([{ id }, { id: more[0] }]);
    const third = await api.get(`/deleted/tasks?limit=2&cursor=${second.headers['x-pagination-next-cursor']}`);
    expect([third.body, third.headers['x-pagination-next-cursor']]).toMatchObject([[{ id: more[1] }], undefined]);
    for (const path of ['/deleted/projects', '/deleted/people', '/deleted/clients']) await api.get(path).expect(404);
  });

  test('is empty after a reset', async () => {
    await api.delete(`/people/${person}`).expect(204);
    api.sandbox.reset();
    expect(await all('/deleted/tasks')).toEqual([]);
  });
});
