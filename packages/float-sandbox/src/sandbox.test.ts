import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openApi } from '../test/support/api.js';
import { createSandbox } from './sandbox.js';
import { IDS } from './seed/ids.js';

describe('createSandbox', () => {
  test('refuses a day that is none', () => {
    expect(() => createSandbox({ today: 'tomorrow' })).toThrow('today must be a date YYYY-MM-DD: tomorrow');
  });

  test('listens on the loopback only, wherever there is room, and stops', async () => {
    const api = openApi();
    const listening = await api.sandbox.listen();
    expect(listening.url).toBe(`http://127.0.0.1:${listening.port}/v3`);
    await expect(fetch(`${listening.url}/people`)).resolves.toMatchObject({ status: 403 });
    await api.sandbox.close();
    await expect(fetch(`${listening.url}/people`)).rejects.toThrow();
  });

  test('faults that were given come back with a reset', async () => {
    const api = openApi({ faults: [{ does: 'status', status: 503, times: 1, path: '/people' }] });
    await api.get('/clients').expect(200);
    await api.get('/people').expect(503);
    await api.get('/people').expect(200);
    api.sandbox.reset();
    await api.get('/people').expect(503);
    await api.sandbox.close();
  });
});

describe('a database file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'float-sandbox-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('keeps what was written; it is seeded once, and its ids go on', async () => {
    const database = join(folder, 'float.db');
    const first = openApi({ database, seed: true });
    await first.delete(`/people/${IDS.people.ava}`).expect(204);
    const entry = { people_id: IDS.people.ben, project_id: IDS.projects.portal, date: '2026-11-24', hours: 1 };
    const [older] = (await first.post('/logged-time', entry).expect(200)).body;
    await first.sandbox.close();

    const second = openApi({ database, seed: true });
    await second.get(`/people/${IDS.people.ava}`).expect(404);
    await second.get(`/logged-time/${older.logged_time_id}`).expect(200);
    const [newer] = (await second.post('/logged-time', entry).expect(200)).body;
    expect(newer.logged_time_id > older.logged_time_id).toBe(true);
    await second.sandbox.close();
  });
});
