/** Rules over several fields and records, defaults, and records that Float creates implicitly. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, openApi } from '../test/support/api.js';

let api: Api;
let person: number;
let project: number;
beforeEach(async () => {
  api = openApi();
  person = await api.make('/people', 'people_id', { name: 'Ava' });
  project = await api.make('/projects', 'project_id', { name: 'Atlas' });
});
afterEach(() => api.sandbox.close());

const WEEK = { start_date: '2026-11-23', end_date: '2026-11-27' };
async function problems(path: string, body: object): Promise<Record<string, string>> {
  const answer = await api.post(path, body).expect(422);
  return Object.fromEntries(
    answer.body.map((entry: { field: string; message: string }) => [entry.field, entry.message]),
  );
}

describe('rejected requests', () => {
  test('missing and wrong values, all of them at once', async () => {
    expect(await problems('/tasks', { people_id: 'x', start_date: '23.11.2026', hours: 25 })).toEqual({
      project_id: 'Project ID cannot be blank.',
      people_id: 'People ID must be an integer.',
      start_date: 'Start date must be a date in the format YYYY-MM-DD.',
      end_date: 'End date cannot be blank.',
      hours: 'Hours must be no greater than 24.',
    });
  });

  test.each([
    ['a reference to an unknown person', '/tasks', { ...WEEK, hours: 8, people_id: 999 }, 'people_id'],
    ['an unknown person among several', '/tasks', { ...WEEK, hours: 8, people_ids: [999] }, 'people_ids'],
    ['an end before the start', '/tasks', { start_date: '2026-11-27', end_date: '2026-11-23', hours: 8 }, 'end_date'],
    ['an unknown recurrence', '/tasks', { ...WEEK, hours: 8, repeat_state: 12 }, 'repeat_state'],
    ['partial leave without hours', '/timeoffs', { ...WEEK, timeoff_type_id: 1, people_ids: [1] }, 'hours'],
    ['leave without a person', '/timeoffs', { ...WEEK, timeoff_type_id: 1, people_ids: [], full_day: 1 }, 'people_ids'],
    ['the reserved type name', '/timeoff-types', { timeoff_type_name: '*' }, 'timeoff_type_name'],
    ['an empty name', '/clients', { name: '' }, 'name'],
  ])('%s', async (_case, path, body, field) => {
    await api.post('/timeoff-types', { timeoff_type_name: 'Vacation' });
    expect(Object.keys(await problems(path, { project_id: project, ...body }))).toEqual([field]);
  });

  test('a project code that differs only in case', async () => {
    const atlas = await api.make('/projects', 'project_id', { name: 'A', project_code: 'AT-1' });
    expect(await problems('/projects', { name: 'B', project_code: 'at-1' })).toHaveProperty('project_code');
    await api.patch(`/projects/${atlas}`, { project_code: 'AT-1', name: 'Same record' }).expect(200);
  });

  test('a phase that is firmer than its project, or a draft in a firm one', async () => {
    const pitch = await api.make('/projects', 'project_id', { name: 'Pitch', status: 1 });
    const phase = { name: 'Build', ...WEEK };
    expect(await problems('/phases', { ...phase, project_id: pitch, status: 2 })).toHaveProperty('status');
    expect(await problems('/phases', { ...phase, project_id: project, status: 0 })).toHaveProperty('status');
    await expect(api.post('/phases', { ...phase, project_id: pitch })).resolves.toMatchObject({ body: { status: 1 } });
  });

  test('a billable task in a non-billable project, and parts of another project', async () => {
    const internal = await api.make('/projects', 'project_id', { name: 'Internal', non_billable: 1 });
    expect(await problems('/project-tasks', { project_id: internal, task_name: 'x', billable: 1 })).toHaveProperty(
      'billable',
    );
    const phase_id = await api.make('/phases', 'phase_id', { project_id: project, name: 'Build', ...WEEK });
    expect(await problems('/tasks', { ...WEEK, project_id: internal, hours: 1, phase_id })).toHaveProperty('phase_id');
    const task_meta_id = await api.make('/project-tasks', 'task_meta_id', { project_id: project, task_name: 'Design' });
    expect(await problems('/tasks', { ...WEEK, project_id: internal, hours: 1, task_meta_id })).toHaveProperty(
      'task_meta_id',
    );
  });

  test('one date of a range without the other', async () => {
    const answer = await api.get('/tasks?start_date=2026-11-23').expect(422);
    expect(answer.body).toMatchObject([{ field: 'end_date' }]);
  });

  test('an update keeps the same rules and changes nothing it refuses', async () => {
    const id = await api.make('/tasks', 'task_id', { project_id: project, people_id: person, ...WEEK, hours: 8 });
    await api.patch(`/tasks/${id}`, { hours: 30 }).expect(422);
    await api.patch(`/tasks/${id}`, { end_date: '2026-11-20' }).expect(422);
    await api.patch(`/tasks/${id}`, { project_id: null }).expect(422);
    await expect(api.get(`/tasks/${id}`)).resolves.toMatchObject({ body: { hours: 8, end_date: WEEK.end_date } });
  });
});

describe('accepted requests', () => {
  test('overbooking, and unknown or read-only names', async () => {
    const body = { project_id: project, people_id: person, ...WEEK, hours: 24, task_id: 5, priority: 1 };
    const first = await api.post('/tasks', body).expect(201);
    const second = await api.post('/tasks', body).expect(201);
    expect(first.body.task_id).not.toBe(5);
    expect(second.body).not.toHaveProperty('priority');
  });

  test('an allocation without a person', async () => {
    const made = await api.post('/tasks', { project_id: project, ...WEEK, hours: 8 }).expect(201);
    expect(made.body).toMatchObject({ people_id: null, people_ids: null, status: 2, repeat_state: 0 });
  });
});

describe('records and values that Float derives', () => {
  test('an unknown job title is a new role; a known one is found without case; role_id wins', async () => {
    const ben = (await api.post('/people', { name: 'Ben', job_title: 'Designer' }).expect(201)).body;
    const chloe = (await api.post('/people', { name: 'Chloé', job_title: 'designer' }).expect(201)).body;
    expect(chloe.role_id).toBe(ben.role_id);
    const lead = await api.make('/roles', 'id', { name: 'Lead' });
    const dan = (await api.post('/people', { name: 'Dan', job_title: 'Nobody', role_id: lead }).expect(201)).body;
    expect(dan.job_title).toBe('Lead');
    const roles = (await api.get('/roles?expand=people_ids,people_count')).body;
    expect(roles).toMatchObject([
      { name: 'Designer', people_count: 2, people_ids: [ben.people_id, chloe.people_id] },
      { name: 'Lead', people_count: 1 },
    ]);
  });

  test('an unknown task name is a new project task, and billable follows from it', async () => {
    const work = { project_id: project, people_id: person, ...WEEK, hours: 8 };
    const first = (await api.post('/tasks', { ...work, name: 'Design' }).expect(201)).body;
    const second = (await api.post('/tasks', { ...work, name: 'design' }).expect(201)).body;
    expect(second).toMatchObject({ task_meta_id: first.task_meta_id, name: 'Design', billable: 1 });
    const unpaid = await api.make('/project-tasks', 'task_meta_id', {
      project_id: project,
      task_name: 'Admin',
      billable: 0,
    });
    const [entry] = (
      await api.post('/logged-time', {
        project_id: project,
        people_id: person,
        date: '2026-11-24',
        hours: 1,
        task_meta_id: unpaid,
      })
    ).body;
    expect(entry).toMatchObject({ task_name: 'Admin', billable: 0 });
    const tasks = (await api.get(`/project-tasks?project_id=${project}`)).body;
    expect(tasks).toMatchObject([
      { task_name: 'Design', count_tasks: 2, count_logged_time: 0 },
      { task_name: 'Admin', count_tasks: 0, count_logged_time: 1 },
    ]);
  });

  test('a department is written as an object and answered with its name', async () => {
    const department_id = await api.make('/departments', 'department_id', { name: 'Design' });
    const nested = (await api.patch(`/people/${person}`, { department: { department_id } }).expect(200)).body;
    expect(nested.department).toEqual({ department_id, name: 'Design', parent_id: null });
    expect(nested).not.toHaveProperty('department_id');
    expect((await api.get(`/people?department_id=${department_id}`)).body).toHaveLength(1);
    await api.patch(`/people/${person}`, { department_id: null }).expect(200);
    expect((await api.get(`/people/${person}`)).body.department).toBeNull();
  });

  test('a changed week is kept with the day from which it counts', async () => {
    const short = [0, 6, 6, 6, 0, 0, 0];
    const changed = await api
      .patch(`/people/${person}`, { work_days_hours: short, effective_date: '2026-12-01' })
      .expect(200);
    const standard = [0, 8, 8, 8, 8, 8, 0];
    expect(changed.body.work_days_hours_history).toEqual({ '1970-01-01': standard, '2026-12-01': short });
    expect(changed.body.work_days_hours).toEqual(standard);
    const span = { project_id: project, people_id: person, start_date: '2026-11-26', end_date: '2026-12-04', hours: 1 };
    await api.make('/tasks', 'task_id', span);
    const [task] = (await api.get('/tasks?start_date=2026-11-01&end_date=2026-12-31&expand=task_days')).body;
    const december = ['2026-12-01', '2026-12-02'];
    expect(task.task_days).toEqual(['2026-11-26', '2026-11-27', '2026-11-30', ...december]);
    const now = (await api.patch(`/people/${person}`, { work_days_hours: short }).expect(200)).body;
    expect(now.work_days_hours).toEqual(short);
  });

  test('money is answered as text, and a budget total only where there is one', async () => {
    const fee = (await api.post('/projects', { name: 'Fee', budget_type: 2, budget_total: 1500 }).expect(201)).body;
    expect(fee.budget_total).toBe('1500.00');
    const hourly = (await api.patch(`/projects/${fee.project_id}`, { budget_type: 3 }).expect(200)).body;
    expect(hourly.budget_total).toBeNull();
  });

  test('project dates that are not set are derived from its work', async () => {
    await api.make('/tasks', 'task_id', { project_id: project, ...WEEK, hours: 8 });
    await api.make('/milestones', 'milestone_id', { project_id: project, name: 'Go live', date: '2026-12-24' });
    expect((await api.get(`/projects/${project}`)).body).toMatchObject({
      start_date: '2026-11-23',
      end_date: '2026-12-24',
    });
  });

  test('logged hours are rounded, and 0 hides the entry', async () => {
    const entry = { project_id: project, people_id: person, date: '2026-11-24' };
    const [made] = (await api.post('/logged-time', { ...entry, hours: 1.239 }).expect(200)).body;
    expect(made.hours).toBe(1.24);
    await api.patch(`/logged-time/${made.logged_time_id}`, { hours: 0 }).expect(200);
    await api.get(`/logged-time/${made.logged_time_id}`).expect(404);
    expect((await api.get('/logged-time')).body).toEqual([]);
  });
});

describe('ranges', () => {
  test('a repeating allocation counts as long as its series does', async () => {
    const work = { project_id: project, people_id: person, hours: 1, start_date: '2026-11-02', end_date: '2026-11-02' };
    await api.make('/tasks', 'task_id', { ...work, name: 'once' });
    await api.make('/tasks', 'task_id', { ...work, name: 'ends', repeat_state: 1, repeat_end_date: '2026-11-20' });
    await api.make('/tasks', 'task_id', { ...work, name: 'weekly', repeat_state: 1, repeat_end_date: '2026-12-31' });
    await api.make('/tasks', 'task_id', { ...work, name: 'endless', repeat_state: 1 });
    const answer = await api
      .get('/tasks?start_date=2026-11-23&end_date=2026-12-06&expand=task_days&fields=name')
      .expect(200);
    expect(answer.body).toEqual([
      { name: 'weekly', task_days: ['2026-11-23', '2026-11-30'] },
      { name: 'endless', task_days: ['2026-11-23', '2026-11-30'] },
    ]);
  });

  test('task_days leave out weekends, leave, holidays and days without any worker', async () => {
    const half = await api.make('/people', 'people_id', { name: 'Ben', work_days_hours: [0, 8, 8, 0, 0, 0, 0] });
    const timeoff_type_id = await api.make('/timeoff-types', 'timeoff_type_id', { timeoff_type_name: 'Vacation' });
    const day = (date: string) => ({ start_date: date, end_date: date });
    const leave = { timeoff_type_id, people_ids: [person], full_day: 1 };
    await api.make('/timeoffs', 'timeoff_id', { ...leave, ...day('2026-11-24') });
    await api.make('/timeoffs', 'timeoff_id', { ...leave, ...day('2026-11-25'), status: 1 });
    await api.make('/holidays', 'holiday_id', { name: 'Studio day', date: '2026-11-27' });
    const span = { project_id: project, start_date: '2026-11-23', end_date: '2026-11-29', hours: 8 };
    await api.make('/tasks', 'task_id', { ...span, people_id: person });
    await api.make('/tasks', 'task_id', { ...span, people_ids: [person, half] });
    await api.make('/tasks', 'task_id', span);
    const days = async (more: string) =>
      (await api.get(`/tasks?start_date=2026-11-01&end_date=2026-12-01&expand=task_days&fields=hours${more}`)).body.map(
        (row: { task_days: string[] }) => row.task_days.map((date) => Number(date.slice(8))),
      );
    expect(await days('')).toEqual([
      [23, 25, 26],
      [23, 24, 25, 26],
      [23, 24, 25, 26],
    ]);
    expect(await days(`&people_id=${half}`)).toEqual([[23, 24]]);
  });
});
