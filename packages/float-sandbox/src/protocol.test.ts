/** Behaviour of Float's API that all resources share: headers, statuses, formats. */

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FLOAT_LIMITS } from 'float-api';
import request from 'supertest';
import { type Api, openApi, TOKEN } from '../test/support/api.js';

let api: Api;
beforeEach(() => {
  api = openApi();
});
afterEach(() => api.sandbox.close());

describe('middleware', () => {
  test('without an Authorization header the edge answers HTML', async () => {
    const answer = await request(api.sandbox.app).get('/v3/people').expect(403);
    expect(answer.headers['content-type']).toContain('text/html');
    expect(answer.text).toContain('403 Forbidden');
  });

  test('a wrong token is a JSON 401', async () => {
    const answer = await request(api.sandbox.app).get('/v3/people').set('Authorization', 'Bearer nonsense').expect(401);
    expect(answer.body).toEqual({
      name: 'Unauthorized',
      message: 'Your request was made with invalid credentials.',
      code: 0,
      status: 401,
    });
  });

  test('any bearer token will do where none is configured', async () => {
    const open = openApi({ token: undefined });
    await request(open.sandbox.app).get('/v3/people').set('Authorization', 'Bearer whatever').expect(200);
    await request(open.sandbox.app).get('/v3/people').set('Authorization', TOKEN).expect(401);
    await open.sandbox.close();
  });
});

describe('statuses and shapes', () => {
  test('an unknown route and an unknown id have different messages', async () => {
    const route = await api.get('/timeoff').expect(404);
    expect(route.body).toMatchObject({ name: 'Not Found', message: 'Page not found.', status: 404 });
    const record = await api.get('/people/99').expect(404);
    expect(record.body).toMatchObject({ name: 'Not Found', message: 'Object not found: 99' });
    await api.get('/people/me').expect(404);
  });

  test('operations that do not exist have no route', async () => {
    await api.post('/accounts', { name: 'x' }).expect(404);
    await api.delete('/timeoff-types/1').expect(404);
    await api.post('/public-holidays', {}).expect(404);
  });

  test('create is 201 with Location, delete is 204 without a body', async () => {
    const made = await api.post('/clients', { name: 'Northwind' }).expect(201);
    const { client_id } = made.body;
    expect(made.headers['location']).toMatch(new RegExp(`/v3/clients/${client_id}$`));
    const gone = await api.delete(`/clients/${client_id}`).expect(204);
    expect(gone.text).toBe('');
    await api.delete(`/clients/${client_id}`).expect(404);
  });

  test('logged time is created with 200 and an array', async () => {
    const people_id = await api.make('/people', 'people_id', { name: 'Ava' });
    const project_id = await api.make('/projects', 'project_id', { name: 'Atlas' });
    const entry = { people_id, project_id, date: '2026-11-24', hours: 2 };
    const made = await api.post('/logged-time', entry).expect(200);
    expect(made.body).toMatchObject([{ ...entry, billable: 1, phase_id: 0 }]);
  });

  test('a body that is no JSON is a 400', async () => {
    const answer = await api.post('/clients', {}).set('Content-Type', 'application/json').send('{"name":').expect(400);
    expect(answer.body).toMatchObject({ name: 'Bad Request', status: 400 });
    await api.post('/clients', []).expect(400);
  });

  test('statuses answer in a wrapper, with the one that was replaced', async () => {
    await api.get('/status').expect(204);
    const people_id = await api.make('/people', 'people_id', { name: 'Ava' });
    const days = { people_id, start_date: '2026-11-23', end_date: '2026-11-27' };
    const first = await api.post('/status', { ...days, status_type_id: 4, status_name: 'dropped' }).expect(201);
    expect(first.body).toMatchObject({ status: [{ status_type_id: 4, status_name: null }] });
    const second = await api.post('/status', { ...days, status_type_id: 3, status_name: 'On site' }).expect(201);
    expect(second.body).toMatchObject({
      status: [{ status_type_id: 4 }, { status_type_id: 3, status_name: 'On site' }],
    });
    await expect(api.get('/status')).resolves.toMatchObject({ body: [{ status_type_id: 3 }] });
  });

  test('logged time is a JSON 403 while time tracking is off', async () => {
    api.sandbox.settings.timeTracking = false;
    const answer = await api.get('/logged-time').expect(403);
    expect(answer.body.message).toBe('Time Tracking is not enabled for this team');
  });
});

describe('lists', () => {
  const headersOf = (headers: Record<string, string>) =>
    ['total-count', 'page-count', 'current-page', 'per-page'].map((name) => Number(headers[`x-pagination-${name}`]));

  test('50 a page, at most 200, and the last page once more past the end', async () => {
    for (let index = 0; index < 205; index += 1) await api.make('/clients', 'client_id', { name: `Client ${index}` });
    const first = await api.get('/clients').expect(200);
    expect(first.body).toHaveLength(50);
    expect(headersOf(first.headers)).toEqual([205, 5, 1, 50]);
    const capped = await api.get('/clients?per-page=1000&page=2').expect(200);
    expect(capped.body).toHaveLength(5);
    expect(headersOf(capped.headers)).toEqual([205, 2, 2, 200]);
    const past = await api.get('/clients?per-page=200&page=9').expect(200);
    expect(past.body).toEqual(capped.body);
    expect(headersOf(past.headers)).toEqual([205, 2, 2, 200]);
  });

  test('an empty list has no page', async () => {
    const answer = await api.get('/clients').expect(200);
    expect(answer.body).toEqual([]);
    expect(headersOf(answer.headers)).toEqual([0, 0, 1, 50]);
  });

  test('fields, sort, modified_since, and filters that do not exist', async () => {
    for (const name of ['Ava', 'Ben', 'Chloé']) await api.make('/people', 'people_id', { name });
    const names = await api.get('/people?fields=name&sort=-name').expect(200);
    expect(names.body).toEqual([{ name: 'Chloé' }, { name: 'Ben' }, { name: 'Ava' }]);
    const [, ben] = (await api.get('/people').expect(200)).body;
    await api.patch(`/people/${ben.people_id}`, { notes: 'changed' }).expect(200);
    const { modified } = (await api.get(`/people/${ben.people_id}`)).body;
    const since = await api.get(`/people?modified_since=${encodeURIComponent(modified)}&fields=name`).expect(200);
    expect(since.body).toEqual([{ name: 'Ben' }]);
    const seconds = Date.parse(`${modified.replace(' ', 'T')}Z`) / 1_000;
    expect((await api.get(`/people?modified_since=${seconds}&fields=name`)).body).toEqual([{ name: 'Ben' }]);
    expect((await api.get('/people?search=ava')).body).toHaveLength(3);
  });

  test('tags match exactly, without case, any of several', async () => {
    await api.make('/people', 'people_id', { name: 'Ava', tags: [{ name: 'Figma' }] });
    await api.make('/people', 'people_id', { name: 'Ben', tags: [{ name: 'React' }, { name: 'Node' }] });
    const found = async (tags: string) => (await api.get(`/people?tag_name=${tags}&fields=name`)).body;
    expect(await found('figma')).toEqual([{ name: 'Ava' }]);
    expect(await found('fig')).toEqual([]);
    expect(await found('figma,node')).toEqual([{ name: 'Ava' }, { name: 'Ben' }]);
  });

  test('role placeholders are listed only where they are asked for', async () => {
    await api.make('/people', 'people_id', { name: 'Designer', people_type_id: 4 });
    expect((await api.get('/people')).body).toEqual([]);
    expect((await api.get('/people?people_type_id=1,4')).body).toHaveLength(1);
  });
});

describe('the rate limit', () => {
  test('reports the minute in headers but not the burst, and resets with the next window', async () => {
    let now = 120_000;
    const strict = openApi({ limits: FLOAT_LIMITS, now: () => now });
    const first = await strict.get('/clients').expect(200);
    expect(first.headers).toMatchObject({
      'ratelimit-limit': '200',
      'ratelimit-remaining': '199',
      'ratelimit-reset': '60',
      'x-ratelimit-remaining-minute': '199',
    });
    for (let call = 1; call < 10; call += 1) await strict.get('/clients').expect(200);
    const burst = await strict.get('/clients').expect(429);
    expect(burst.headers).toMatchObject({ 'ratelimit-remaining': '190', 'retry-after': '1' });
    expect(burst.body).toMatchObject({ status: 429 });
    await strict.post('/clients', { name: 'Writes have their own budget' }).expect(201);
    now += 1_000;
    await strict.get('/clients').expect(200);
    await strict.sandbox.close();
  });
});
