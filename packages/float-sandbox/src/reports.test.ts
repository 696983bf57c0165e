/** Float's two reports, against numbers worked out by hand and against the days that /tasks itself answers. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, openApi } from '../test/support/api.js';
import { assigneesOf } from './model/task-days.js';

const WEEK = 'start_date=2026-11-23&end_date=2026-11-29';
const MONDAY_TO_FRIDAY = { start_date: '2026-11-23', end_date: '2026-11-27' };
const day = (date: string) => ({ start_date: date, end_date: date });

let api: Api;
beforeEach(() => {
  api = openApi();
});
afterEach(() => api.sandbox.close());

/** The rows of a report, which is one list in an object. */
const all = async (path: string) => rowsOf((await api.get(path).expect(200)).body);
const rowsOf = (body: object) => Object.values(body).flat() as ReportLine[];

interface ReportLine {
  readonly people_id: number;
  readonly name: string;
  readonly capacity: number;
  readonly scheduled: number;
  readonly billable: number;
  readonly nonBillable: number;
  readonly unscheduled: number;
  readonly overtime: number;
}

/** 8 hours a day; holiday on Friday, half of Wednesday off. */
async function oneWeek() {
  const person = await api.make('/people', 'people_id', { name: 'Ava', default_hourly_rate: 80 });
  const project = await api.make('/projects', 'project_id', {
    name: 'Atlas',
    project_team: { set: [{ people_id: person, hourly_rate: 100 }] },
  });
  const internal = await api.make('/projects', 'project_id', { name: 'Internal', non_billable: 1 });
  const timeoff_type_id = await api.make('/timeoff-types', 'timeoff_type_id', { timeoff_type_name: 'Vacation' });
  await api.make('/holidays', 'holiday_id', { name: 'Studio day', date: '2026-11-27' });
  await api.make('/timeoffs', 'timeoff_id', { timeoff_type_id, people_ids: [person], ...day('2026-11-25'), hours: 4 });
  const work = (body: object) => api.make('/tasks', 'task_id', { people_id: person, ...MONDAY_TO_FRIDAY, ...body });
  await work({ project_id: project, hours: 6 });
  await work({ project_id: internal, hours: 4, end_date: '2026-11-24' });
  await work({ project_id: project, hours: 2, status: 1, ...day('2026-11-26') });
  await work({ project_id: project, hours: 8, status: 4 });
  await api
    .post('/logged-time', { people_id: person, project_id: project, date: '2026-11-23', hours: 5.5 })
    .expect(200);
  await api.post('/logged-time', { people_id: person, project_id: internal, date: '2026-11-23', hours: 1 }).expect(200);
  await api.post('/logged-time', { people_id: person, project_id: project, date: '2026-11-22', hours: 3 }).expect(200);
  return { person, project, internal };
}

describe('people', () => {
  test('capacity, work, overtime, leave and logged hours of one week', async () => {
    const { person } = await oneWeek();
    expect(await all(`/reports/people?${WEEK}`)).toEqual([
      {
        people_id: person,
        name: 'Ava',
        // 8 + 8 + 4 + 8 + holiday
        capacity: 28,
        // 10 + 10 + 6 + 6
        scheduled: 32,
        billable: 24,
        nonBillable: 8,
        tentative_hours: 2,
        logged_hours: 6.5,
        logged_billable_hours: 5.5,
        unscheduled: 2,
        overtime: 6,
        timeoff: 4,
      },
    ]);
  });

  test('work on a day off is overtime; no capacity before the first day of employment', async () => {
    const person = await api.make('/people', 'people_id', { name: 'Ben', start_date: '2026-11-26' });
    const project_id = await api.make('/projects', 'project_id', { name: 'Atlas' });
    await api.make('/tasks', 'task_id', { project_id, people_id: person, ...day('2026-11-28'), hours: 3 });
    expect(await all(`/reports/people?${WEEK}&people_id=${person}`)).toMatchObject([
      { capacity: 16, scheduled: 3, overtime: 3, unscheduled: 16 },
    ]);
  });

  test('archived people are there only with hours; role placeholders only when asked for', async () => {
    await api.make('/people', 'people_id', { name: 'Gone', active: 0 });
    const role = await api.make('/people', 'people_id', { name: 'To hire', people_type_id: 4 });
    expect(await all(`/reports/people?${WEEK}`)).toEqual([]);
    expect(await all(`/reports/people?${WEEK}&people_id=${role}`)).toMatchObject([{ name: 'To hire' }]);
    expect(await all(`/reports/people?${WEEK}&people_id=999`)).toEqual([]);
  });

  test('on the seed, the hours are those of task_days, person by person', async () => {
    const seeded = openApi({ seed: true });
    const range = 'start_date=2026-11-23&end_date=2026-12-20';
    const rows = rowsOf((await seeded.get(`/reports/people?${range}`)).body);
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const path = `/tasks?${range}&expand=task_days&people_id=${row.people_id}&per-page=200`;
      const firm = (await seeded.get(path)).body.filter((task: { status: number }) => [2, 3].includes(task.status));
      const hours = firm
        .filter((task: Record<string, unknown>) => assigneesOf(task).includes(row.people_id))
        .reduce(
          (sum: number, task: { hours: number; task_days: string[] }) => sum + task.hours * task.task_days.length,
          0,
        );
      expect([row.name, row.scheduled]).toEqual([row.name, hours]);
      expect(row.unscheduled + row.scheduled - row.overtime).toBe(row.capacity);
      expect(row.billable + row.nonBillable).toBe(row.scheduled);
    }
    const projects = rowsOf((await seeded.get(`/reports/projects?${range}`)).body);
    const total = (list: { scheduled: number }[]) => list.reduce((sum, row) => sum + row.scheduled, 0);
    expect(total(projects)).toBe(total(rows));
    await seeded.sandbox.close();
  });
});

describe('projects', () => {
  test('hours and fees of one week', async () => {
    const { project, internal } = await oneWeek();
    expect(await all(`/reports/projects?${WEEK}`)).toMatchObject([
      {
        project_id: project,
        scheduled: 24,
        billable: 24,
        tentative_hours: 2,
        logged_hours: 5.5,
        scheduled_fee: '2400.00',
        logged_fee: '550.00',
      },
      { project_id: internal, scheduled: 8, billable: 0, logged_hours: 1, scheduled_fee: '0.00' },
    ]);
    expect(await all(`/reports/projects?${WEEK}&project_id=${internal}`)).toHaveLength(1);
  });

  test.each([
    ['team', { team: 100, phase: 90, project: 80, person: 70, role: 60 }, 100],
    ['phase', { phase: 90, project: 80, person: 70, role: 60 }, 90],
    ['project', { project: 80, person: 70, role: 60 }, 80],
    ['person', { person: 70, role: 60 }, 70],
    ['role', { role: 60 }, 60],
    ['nothing', {}, 0],
  ])('the rate of the %s counts', async (_name, rates: Record<string, number>, expected) => {
    const role_id = await api.make('/roles', 'id', { name: 'Designer', default_hourly_rate: rates['role'] });
    const who = { name: 'Ava', role_id, default_hourly_rate: rates['person'] };
    const person = await api.make('/people', 'people_id', who);
    const project_team = { set: [{ people_id: person, hourly_rate: rates['team'] }] };
    const what = { name: 'Atlas', default_hourly_rate: rates['project'], project_team };
    const project_id = await api.make('/projects', 'project_id', what);
    const phase = { project_id, name: 'Build', ...MONDAY_TO_FRIDAY, default_hourly_rate: rates['phase'] };
    const phase_id = await api.make('/phases', 'phase_id', phase);
    await api.make('/tasks', 'task_id', { project_id, phase_id, people_id: person, ...day('2026-11-23'), hours: 2 });
    expect(await all(`/reports/projects?${WEEK}`)).toMatchObject([{ scheduled_fee: (2 * expected).toFixed(2) }]);
  });

  test('with a budget per phase, work outside the phases is not billable', async () => {
    const person = await api.make('/people', 'people_id', { name: 'Ava', default_hourly_rate: 50 });
    const project_id = await api.make('/projects', 'project_id', { name: 'Atlas', budget_type: 2, budget_priority: 1 });
    const phase_id = await api.make('/phases', 'phase_id', { project_id, name: 'Build', ...MONDAY_TO_FRIDAY });
    const work = { project_id, people_id: person, ...day('2026-11-23') };
    await api.make('/tasks', 'task_id', { ...work, hours: 3 });
    await api.make('/tasks', 'task_id', { ...work, hours: 2, phase_id });
    expect(await all(`/reports/projects?${WEEK}`)).toMatchObject([
      { scheduled: 5, billable: 2, nonBillable: 3, scheduled_fee: '100.00' },
    ]);
  });
});

describe('both', () => {
  test.each(['people', 'projects'])('%s: a range is needed, and has to be one', async (report) => {
    await api.get(`/reports/${report}`).expect(422);
    await api.get(`/reports/${report}?start_date=2026-11-23`).expect(422);
    await api.get(`/reports/${report}?start_date=2026-11-29&end_date=2026-11-23`).expect(422);
    await api.get(`/reports/${report}?start_date=0001-01-01&end_date=9999-12-31`).expect(422);
  });

  test('have their own rate limit, and no pages', async () => {
    const strict = openApi({ limits: undefined, now: () => 1_000_000_020_000 });
    for (const name of ['Ava', 'Ben']) await strict.make('/people', 'people_id', { name });
    const answer = await strict.get(`/reports/people?${WEEK}&per-page=1&page=2`).expect(200);
    expect(answer.headers).toMatchObject({ 'ratelimit-limit': '30' });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-pagination'))).toEqual([]);
    expect(answer.body).toMatchObject({ people: [{ name: 'Ava' }, { name: 'Ben' }] });
    strict.sandbox.settings.forms = ['bare-reports'];
    const bare = await strict.get(`/reports/people?${WEEK}&per-page=1&page=2`).expect(200);
    expect(bare.headers).toMatchObject({ 'x-pagination-page-count': '2' });
    expect(bare.body).toMatchObject([{ name: 'Ben' }]);
    await strict.sandbox.close();
  });

  test('know nothing of logged time while time tracking is off', async () => {
    await oneWeek();
    api.sandbox.settings.timeTracking = false;
    expect(await all(`/reports/people?${WEEK}`)).toMatchObject([{ scheduled: 32, logged_hours: 0 }]);
  });
});
