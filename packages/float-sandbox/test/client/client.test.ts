import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createFloatClient } from 'float-api';
import { failureOf } from '../../../float-api/test/support/failure.js';
import { API_KEY, type Harness, openHarness } from '../support/harness.js';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness({ seed: false });
});
afterEach(() => harness.close());

describe('reading', () => {
  test('listAll reads all 450 records of three pages', async () => {
    for (let index = 0; index < 450; index += 1) await harness.float.create('clients', { name: `Client ${index}` });
    const clients = await harness.float.listAll('clients');
    expect(clients.map(({ name }) => name)).toEqual(Array.from({ length: 450 }, (_, index) => `Client ${index}`));
    expect(harness.seen.filter((line) => line === 'GET /clients')).toHaveLength(3);
  });

  test('list stops reading when the caller leaves the loop', async () => {
    for (let index = 0; index < 201; index += 1) await harness.float.create('clients', { name: `Client ${index}` });
    for await (const page of harness.float.list('clients')) {
      expect(page).toMatchObject({ page: 1, pages: 2, total: 201 });
      expect(page.records).toHaveLength(200);
      break;
    }
    expect(harness.seen.filter((line) => line === 'GET /clients')).toHaveLength(1);
  });

  test('an empty list is empty, also where Float answers 204', async () => {
    await expect(harness.float.listAll('clients')).resolves.toEqual([]);
    await expect(harness.float.listAll('statuses')).resolves.toEqual([]);
  });

  test('get answers one record with what was expanded', async () => {
    const { project_id } = await harness.float.create('projects', { name: 'Atlas' });
    await harness.float.create('project-tasks', { project_id, task_name: 'Design' });
    const project = await harness.float.get('projects', project_id, { expand: ['project_tasks'] });
    expect(project.project_tasks).toMatchObject([{ task_name: 'Design', billable: 1 }]);
  });
});

describe('writing', () => {
  test('creates, updates and deletes; the 204 of a delete is no error', async () => {
    const client = await harness.float.create('clients', { name: 'Northwind' });
    const renamed = await harness.float.update('clients', client.client_id, { name: 'Southwind' });
    expect(renamed).toEqual({ client_id: client.client_id, name: 'Southwind' });
    await expect(harness.float.delete('clients', client.client_id)).resolves.toBeUndefined();
    expect(await failureOf(harness.float.get('clients', client.client_id))).toMatchObject({
      code: 'not-found',
      status: 404,
    });
  });

  test('logged time, which answers 200 with an array, is one record like any other', async () => {
    const { people_id } = await harness.float.create('people', { name: 'Ava' });
    const { project_id } = await harness.float.create('projects', { name: 'Atlas' });
    const entry = await harness.float.create('logged-time', {
      people_id,
      project_id,
      date: '2026-11-24',
      hours: 7.256,
    });
    expect(entry.logged_time_id).toMatch(/^[0-9a-f]{24}$/);
    expect(entry.hours).toBe(7.26);
    await harness.float.delete('logged-time', entry.logged_time_id);
  });

  test('a status that replaces an older one is the record that comes back', async () => {
    const { people_id } = await harness.float.create('people', { name: 'Ava' });
    const days = { people_id, start_date: '2026-11-23', end_date: '2026-11-27' };
    await harness.float.create('statuses', { ...days, status_type_id: 4 });
    const home = await harness.float.create('statuses', { ...days, status_type_id: 1 });
    expect(home.status_type_id).toBe(1);
    await expect(harness.float.listAll('statuses')).resolves.toEqual([home]);
  });

  test('an older status that is moved over a newer one is still the record that comes back', async () => {
    const { people_id } = await harness.float.create('people', { name: 'Ava' });
    const on = (date: string) => ({ people_id, start_date: date, end_date: date });
    const older = await harness.float.create('statuses', { ...on('2026-11-23'), status_type_id: 4 });
    await harness.float.create('statuses', { ...on('2026-11-24'), status_type_id: 1 });
    const moved = await harness.float.update('statuses', older.status_id, { end_date: '2026-11-24' });
    expect(moved).toMatchObject({ status_id: older.status_id, status_type_id: 4, end_date: '2026-11-24' });
    await expect(harness.float.listAll('statuses')).resolves.toEqual([moved]);
  });

  test('refuses before sending: a field Float would drop, an operation Float does not have', async () => {
    const misspelt = { name: 'Atlas', budget: 5 };
    const unknown = await failureOf(harness.float.create('projects', misspelt));
    expect(unknown.code).toBe('invalid');
    expect(unknown.details['budget']).toContain('budget_total');
    const absent = await failureOf(harness.float.delete('timeoff-types', 11));
    expect(absent.message).toContain('cannot delete a time off type');
    expect(harness.seen).toEqual([]);
  });
});

describe('beyond the five operations', () => {
  test('project tasks are merged', async () => {
    const { project_id } = await harness.float.create('projects', { name: 'Atlas' });
    const add = (task_name: string) => harness.float.create('project-tasks', { project_id, task_name });
    const task_meta_ids = [(await add('Design')).task_meta_id, (await add('Drawing')).task_meta_id];
    const body = { task_meta_ids, task_name: 'Creation', billable: 0 } as const;
    const merged = await harness.float.act('project-tasks', 'merge', body);
    expect(merged).toMatchObject({ task_meta_id: task_meta_ids[0], task_name: 'Creation', billable: 0 });
    await expect(harness.float.listAll('project-tasks')).resolves.toHaveLength(1);
    const misspelt = { ...body, names: 'x' };
    expect((await failureOf(harness.float.act('project-tasks', 'merge', misspelt))).details).toHaveProperty('names');
  });

  test('a report is read whole, and never without its range', async () => {
    for (let index = 0; index < 201; index += 1) await harness.float.create('people', { name: `Person ${index}` });
    const range = { start_date: '2026-11-23', end_date: '2026-11-29' };
    const rows = await harness.float.report('people', range);
    expect(rows).toHaveLength(201);
    expect(rows[200]).toMatchObject({ name: 'Person 200', capacity: 40, unscheduled: 40 });
    await expect(harness.float.report('projects', { ...range, project_id: 1 })).resolves.toEqual([]);
    expect(await failureOf(harness.float.report('people', {}))).toMatchObject({ code: 'invalid' });
    expect(await failureOf(harness.float.report('people', { ...range, team: 1 }))).toMatchObject({ code: 'invalid' });
  });

  test('deleted ids are read to the end of their log', async () => {
    const { project_id } = await harness.float.create('projects', { name: 'Atlas' });
    const { people_id } = await harness.float.create('people', { name: 'Ann' });
    const days = { start_date: '2026-11-23', end_date: '2026-11-24', hours: 1 };
    for (let index = 0; index < 501; index += 1) {
      await harness.float.create('allocations', { project_id, people_id, ...days });
    }
    const ids = (await harness.float.listAll('allocations')).map(({ task_id }) => task_id);
    await harness.float.delete('projects', project_id);
    await expect(harness.float.deleted('allocations')).resolves.toEqual(ids);
    expect(harness.seen.filter((line) => line === 'GET /deleted/tasks')).toHaveLength(2);
    await expect(harness.float.deleted('timeoffs')).resolves.toEqual([]);
    expect(await failureOf(harness.float.deleted('people'))).toMatchObject({ code: 'invalid' });
  });

  test('unknown fields of an undocumented resource are sent', async () => {
    const stage = { name: 'Won', sort_order: 3 };
    await expect(harness.float.create('project-stages', stage)).resolves.toMatchObject({ name: 'Won', status: 2 });
  });
});

describe('slow tables', () => {
  const reads = (path: string) => harness.seen.filter((line) => line === `GET ${path}`).length;

  test('are read once, until something is written through the client', async () => {
    for (let call = 0; call < 3; call += 1) await harness.float.listAll('departments');
    expect(reads('/departments')).toBe(1);
    const { department_id } = await harness.float.create('departments', { name: 'Design' });
    await expect(harness.float.listAll('departments')).resolves.toMatchObject([{ department_id }]);
    await harness.float.update('departments', department_id, { name: 'Craft' });
    await expect(harness.float.listAll('departments')).resolves.toMatchObject([{ name: 'Craft' }]);
    await harness.float.delete('departments', department_id);
    await expect(harness.float.listAll('departments')).resolves.toEqual([]);
  });

  test('can be read each time instead', async () => {
    const float = harness.client({ cache: false });
    for (let call = 0; call < 3; call += 1) await float.listAll('departments');
    expect(reads('/departments')).toBe(3);
  });

  test('leave out what changes all the time', async () => {
    for (let call = 0; call < 3; call += 1) await harness.float.listAll('allocations');
    expect(reads('/tasks')).toBe(3);
  });
});

describe('errors', () => {
  test.each(['list', 'object'] as const)('a 422 as %s explains the problem', async (shape) => {
    harness.sandbox.settings.invalidShape = shape;
    const { project_id } = await harness.float.create('projects', { name: 'Atlas' });
    const dates = { start_date: '2026-11-23', end_date: '2026-11-20' };
    const error = await failureOf(harness.float.create('allocations', { project_id, ...dates, hours: 8 }));
    expect(error).toMatchObject({ code: 'invalid', status: 422, endpoint: 'POST /tasks' });
    expect(error.message).toContain('must not be before the start date');
    if (shape === 'list') expect(Object.keys(error.details)).toEqual(['end_date']);
  });

  test('a wrong key is "unauthorized", and no part of the error shows a key', async () => {
    const wrong = harness.client({ apiKey: 'wrong-key' });
    const error = await failureOf(wrong.listAll('people'));
    expect(error).toMatchObject({ code: 'unauthorized', status: 401 });
    expect(JSON.stringify({ ...error, text: String(error), stack: error.stack })).not.toContain('wrong-key');
  });

  test('a key that cannot be a header is refused at once, without being shown', () => {
    const make = () => createFloatClient({ baseUrl: 'http://127.0.0.1', apiKey: `${API_KEY}\n`, userAgent: 'x' });
    expect(make).toThrow(/^apiKey must be/);
    expect(make).not.toThrow(API_KEY);
  });

  test('time tracking that is switched off is "feature-off"', async () => {
    harness.sandbox.settings.timeTracking = false;
    expect(await failureOf(harness.float.listAll('logged-time'))).toMatchObject({ code: 'feature-off', status: 403 });
  });

  test('a wrong base URL is distinguished from a missing record', async () => {
    const { url } = await harness.sandbox.listen();
    const lost = harness.client({ baseUrl: url.replace('/v3', '/v2') });
    const error = await failureOf(lost.get('people', 1));
    expect(error.code).toBe('not-found');
    expect(error.message).toContain('check the base URL');
  });

  test("a proxy's sign-in page is a bad answer", async () => {
    harness.sandbox.faults.add({ does: 'garble', times: 1 });
    expect(await failureOf(harness.float.listAll('people'))).toMatchObject({ code: 'bad-answer' });
  });

  test('a refused connection is "unavailable"', async () => {
    const { url, close } = await harness.sandbox.listen();
    await close();
    const lost = harness.client({ baseUrl: url });
    expect(await failureOf(lost.listAll('people'))).toMatchObject({ code: 'unavailable', status: undefined });
  });
});
