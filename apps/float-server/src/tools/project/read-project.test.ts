import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FloatClient, Query, TimeOff } from 'float-api';
import { scheduledTime } from 'resource-planning';
import { type Kit, openKit, TODAY } from '../testing/kit.js';
import { readProject } from './read-project.js';

let kit: Kit;
let project: number;
beforeEach(async () => {
  await kit?.close();
  kit = await openKit({ seed: false });
  project = await kit.add('projects', { name: 'Website' });
});
afterAll(() => kit.close());

const read = (api = kit.api) =>
  readProject({ api, today: () => TODAY, signal: new AbortController().signal, progress: async () => {} }, project);
const work = (fields: object) =>
  kit.add('allocations', {
    project_id: project,
    start_date: '2026-11-23',
    end_date: '2026-11-24',
    hours: 4,
    ...fields,
  } as never);

describe('all of a project', () => {
  test('counts people who left and placeholders for a role', async () => {
    const gone = await kit.add('people', { name: 'Gone' });
    const role = await kit.add('people', { name: 'A designer', people_type_id: 4 });
    await work({ people_id: gone });
    await work({ people_id: role });
    await kit.api.update('people', gone, { active: 0 });
    const { plan, range, recordsRead } = await read();
    const entries = scheduledTime(plan, range, { includeTentative: true });
    const hours = (id: number) => entries.filter(({ personId }) => personId === id).map((one) => one.hours);
    expect([hours(gone), hours(role)]).toEqual([
      [4, 4],
      [4, 4],
    ]);
    expect([recordsRead.people, recordsRead.allocations]).toEqual([2, 2]);
  });

  test('the range holds all work and all time, and the span the dates of the project', async () => {
    const ann = await kit.add('people', { name: 'Ann' });
    await kit.api.update('projects', project, { start_date: '2026-11-02', end_date: '2026-11-30' } as never);
    await work({ people_id: ann, start_date: '2026-12-07', end_date: '2026-12-08' });
    await kit.add('logged-time', { people_id: ann, project_id: project, date: '2026-10-05', hours: 2 } as never);
    const { span, range, logged, filters } = await read();
    expect(span).toEqual({ start: '2026-11-02', end: '2026-11-30' });
    expect(range).toEqual({ from: '2026-10-05', to: '2026-12-08' });
    expect(logged).toMatchObject([{ day: '2026-10-05', personId: ann, projectId: project, hours: 2, billable: true }]);
    expect(filters).toEqual([]);
  });

  test('work that repeats without an end is counted for a year, which the filters state', async () => {
    const ann = await kit.add('people', { name: 'Ann' });
    await work({ people_id: ann, repeat_state: 1, repeat_end_date: null });
    const { range, filters } = await read();
    expect(range).toEqual({ from: '2026-11-23', to: '2027-11-24' });
    expect(filters).toEqual(['work without an end counted up to 2027-11-24']);
  });

  test('leave that was declined is no leave', async () => {
    const ann = await kit.add('people', { name: 'Ann' });
    const type = await kit.add('timeoff-types', { timeoff_type_name: 'Holiday' });
    await work({ people_id: ann });
    for (const day of ['2026-11-23', '2026-11-24']) {
      const leave = { timeoff_type_id: type, people_ids: [ann], full_day: 1, hours: 0, start_date: day, end_date: day };
      await kit.add('timeoffs', leave as never);
    }
    const declined = (one: TimeOff) => (one.start_date === '2026-11-24' ? { ...one, status: 3 } : one);
    // Declined leave cannot be created through Float; an approver declines it.
    const listAll = async (key: 'timeoffs', query: Query) => {
      const records = await kit.api.listAll(key, query);
      return key === 'timeoffs' ? records.map(declined) : records;
    };
    const { plan, range } = await read({ ...kit.api, listAll } as unknown as FloatClient);
    expect(scheduledTime(plan, range, { includeTentative: true }).map(({ day }) => day)).toEqual(['2026-11-24']);
  });

  test('without time tracking nothing is known of logged time, which is not "nothing logged"', async () => {
    kit.sandbox.settings.timeTracking = false;
    const { logged, filters, recordsRead } = await read();
    expect([logged, recordsRead.logged_time]).toEqual([undefined, 0]);
    expect(filters).toEqual(['time tracking is off in this account, or the key has no right to it']);
  });

  test('a refusal for another reason is a failure', async () => {
    kit.sandbox.faults.add({ does: 'status', status: 500, path: '/logged-time' });
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
