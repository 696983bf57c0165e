/** Properties of the seed on any day. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { addDays, eachDay, mondayOf, weekday } from 'resource-planning';
import { type Api, openApi } from '../../test/support/api.js';
import { assigneesOf, occurrenceDays } from '../model/task-days.js';
import { IDS } from './ids.js';
import { PEOPLE, type PersonKey } from './team.js';

type Row = Record<string, unknown>;

let api: Api;
afterEach(() => api.sandbox.close());

const all = async (path: string): Promise<Row[]> =>
  (await api.get(`${path}${path.includes('?') ? '&' : '?'}per-page=200`)).body;

/** Hours scheduled next week per person, and the hours each would work without leave and holidays. */
async function nextWeek(today: string): Promise<Map<PersonKey, { booked: number; capacity: number }>> {
  const from = addDays(mondayOf(today), 7);
  const range = { from, to: addDays(from, 6) };
  const people = new Map((await all('/people')).map((person) => [person['people_id'], person]));
  const allocations = await all(`/tasks?start_date=${range.from}&end_date=${range.to}`);
  const loads = Object.keys(PEOPLE).map((key) => {
    const id = IDS.people[key as PersonKey];
    const week = people.get(id)?.['work_days_hours'] as number[];
    const works = (day: string) => (week[weekday(day)] ?? 0) > 0;
    const booked = allocations
      .filter((row) => assigneesOf(row).includes(id))
      .reduce((sum, row) => sum + occurrenceDays(row, range).filter(works).length * Number(row['hours']), 0);
    const capacity = eachDay(range).reduce((sum, day) => sum + (week[weekday(day)] ?? 0), 0);
    return [key as PersonKey, { booked, capacity }] as const;
  });
  return new Map(loads);
}

describe.each(['2026-11-25', '2026-12-31', '2027-03-28', '2028-02-29'])('seen from %s', (today) => {
  test('next week has overbooked people and free people', async () => {
    api = openApi({ seed: true, today });
    const week = await nextWeek(today);
    const over = [...week].filter(([, { booked, capacity }]) => booked > capacity).map(([key]) => key);
    const free = [...week].filter(([, { booked }]) => booked === 0).map(([key]) => key);
    expect(over).toEqual(expect.arrayContaining(['priya', 'tomas', 'liam']));
    expect(free).toEqual(expect.arrayContaining(['noah', 'ines', 'quinn', 'samr']));
  });

  test('a public holiday and a team holiday lie just ahead', async () => {
    api = openApi({ seed: true, today });
    const soon = await all(`/public-holidays?start_date=${today}&end_date=${addDays(today, 21)}`);
    expect(soon.map(({ name }) => name)).toContain('Regionaler Feiertag');
    const [studioDay] = await all('/holidays');
    expect(String(studioDay?.['date']) > today).toBe(true);
  });
});

test('the same day gives the same agency, byte for byte; another day another one', async () => {
  const dump = async (today: string) => {
    api = openApi({ seed: true, today });
    const paths = ['/people', '/projects', '/tasks', '/timeoffs', '/logged-time', '/project-tasks', '/public-holidays'];
    const text = JSON.stringify(await Promise.all(paths.map(all)));
    await api.sandbox.close();
    return text;
  };
  const first = await dump('2026-11-25');
  expect(await dump('2026-11-25')).toBe(first);
  expect(await dump('2026-11-26')).not.toBe(first);
});

test('reset brings the first day back', async () => {
  api = openApi({ seed: true });
  const before = await all('/logged-time');
  await api.delete(`/people/${IDS.people.ava}`).expect(204);
  await api.post('/clients', { name: 'New' }).expect(201);
  api.sandbox.reset();
  expect(await all('/logged-time')).toEqual(before);
  expect(await all('/clients')).toHaveLength(7);
  await expect(api.post('/clients', { name: 'New' })).resolves.toMatchObject({ body: { client_id: 5108 } });
});

test('has the variety that tools have to cope with', async () => {
  api = openApi({ seed: true });
  const people = await all('/people');
  expect(people).toHaveLength(25);
  const of = (match: Row) =>
    people.filter((row) => Object.entries(match).every(([name, value]) => row[name] === value));
  expect(of({ active: 0 })).toHaveLength(1);
  expect(of({ people_type_id: 2, contractor: 1 })).toHaveLength(1);
  expect(of({ people_type_id: 3 })).toHaveLength(1);
  expect(of({ employee_type: 0 })).toHaveLength(3);
  expect(new Set(people.map(({ region_id }) => region_id)).size).toBe(3);

  const projects = await all('/projects');
  expect(projects).toHaveLength(12);
  expect(new Set(projects.map(({ budget_type }) => budget_type))).toEqual(new Set([0, 1, 2, 3]));
  expect(new Set(projects.map(({ budget_priority }) => budget_priority))).toEqual(new Set([0, 1, 2]));
  expect(new Set(projects.map(({ status }) => status))).toEqual(new Set([0, 1, 2, 3]));
  expect(projects.filter(({ active }) => active === 0)).toHaveLength(1);

  const leave = await all('/timeoffs');
  expect(leave.some(({ status }) => status === 1)).toBe(true);
  expect(leave.some(({ full_day }) => full_day === 0)).toBe(true);
  expect(leave.some(({ people_ids }) => (people_ids as number[]).length > 1)).toBe(true);

  const logged = await api.get('/logged-time?per-page=200');
  expect(Number(logged.headers['x-pagination-page-count'])).toBeGreaterThan(1);
  for (const { date } of logged.body) expect(date < '2026-11-25' && date >= '2026-10-26').toBe(true);
});

test('a change made today is all that modified_since today finds', async () => {
  api = openApi({ seed: true });
  expect(await all('/people?modified_since=2026-11-25%2000:00:00')).toEqual([]);
  await api.patch(`/people/${IDS.people.ben}`, { notes: 'x' }).expect(200);
  expect(await all('/people?modified_since=2026-11-25%2000:00:00')).toMatchObject([{ name: 'Ben Okafor' }]);
});
