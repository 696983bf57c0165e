/** Due dates and absences, compared with an independent calculation over the seeded agency. Today is Monday 2026-11-23. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  contractHours,
  daysOf,
  isHoliday,
  leaveOf,
  type Records,
  readWorld,
  realPeople,
  sum,
} from '../testing/hours-oracle.js';
import { type Kit, openKit, TODAY, textOf } from '../testing/kit.js';

const NEXT_4_WEEKS = ['2026-11-23', '2026-12-20'] as const;

let kit: Kit;
let world: Records;
beforeAll(async () => {
  kit = await openKit({ seed: true });
  world = await readWorld(kit);
});
afterAll(() => kit.close());

async function ask<T>(tool: string, args: Record<string, unknown>): Promise<T> {
  const result = await kit.call(tool, args);
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as T;
}
const refusal = async (tool: string, args: Record<string, unknown>) => {
  const result = await kit.call(tool, args);
  expect(result.isError).toBe(true);
  return textOf(result);
};

describe('whats-due', () => {
  interface Due {
    items: { kind: string; id: number; due: string; from: string; project: string; days_left: number }[];
    matching: number;
  }

  test.each([
    ['next 4 weeks', NEXT_4_WEEKS],
    ['last month', ['2026-10-01', '2026-10-31']],
    ['this quarter', ['2026-10-01', '2026-12-31']],
  ] as const)('%s: every milestone, end of a phase and end of a project', async (range, [from, to]) => {
    const cancelled = ({ status }: { status: number }) => status === 4;
    const projects = (await kit.api.listAll('projects', { active: 1 })).filter((one) => !cancelled(one));
    const ids = projects.map(({ project_id: id }) => id);
    const inside = (start: string, end = start) => start.slice(0, 10) <= to && end.slice(0, 10) >= from;
    const milestones = await kit.api.listAll('milestones');
    const phases = (await kit.api.listAll('phases', { active: 1 })).filter((one) => !cancelled(one));
    const expected = [
      ...milestones.flatMap((one) =>
        ids.includes(one.project_id) && inside(one.date, one.end_date ?? one.date)
          ? [`milestone ${one.milestone_id}`]
          : [],
      ),
      ...phases.flatMap((one) =>
        ids.includes(one.project_id) && inside(one.end_date) ? [`phase-end ${one.phase_id}`] : [],
      ),
      ...projects.flatMap((one) => (one.end_date && inside(one.end_date) ? [`project-end ${one.project_id}`] : [])),
    ];
    const { items, matching } = await ask<Due>('whats-due', { range, limit: 200 });
    expect(items.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(expected.sort());
    expect(matching).toBe(items.length);
    if (range !== 'last month') expect(expected.length).toBeGreaterThan(0);
    expect(items.map(({ due }) => due)).toEqual(items.map(({ due }) => due).sort());
    const days = (day: string) => (Date.parse(day) - Date.parse(TODAY)) / 86_400_000;
    for (const { due, days_left: left } of items) expect(left).toBe(days(due));
  });

  test('nothing of a cancelled project is due', async () => {
    const dates = { start_date: '2026-12-01', end_date: '2026-12-04' };
    const project_id = await kit.add('projects', { name: 'Called off', ...dates, status: 4 });
    await kit.add('milestones', { project_id, name: 'Launch that will not be', date: '2026-12-04' });
    await kit.add('phases', { project_id, name: 'Build', ...dates });
    const result = await kit.call('whats-due', { range: '2026-12-01..2026-12-04', limit: 200 });
    expect(textOf(result)).not.toMatch(/Called off|Launch that will not be/);
  });

  test('by client, by project, by kind', async () => {
    const range = 'this quarter';
    const all = await ask<Due>('whats-due', { range, limit: 200 });
    const project = all.items[0]!.project;
    const some = await ask<Due>('whats-due', { range, project, kinds: ['milestone'], limit: 200 });
    const expected = all.items.filter((item) => item.project === project && item.kind === 'milestone');
    expect(some.items).toEqual(expected);
    const { client_id: client } = (await kit.api.listAll('projects')).find(({ name }) => name === project)!;
    const theirs = await ask<Due>('whats-due', { range, client, limit: 200 });
    const projects = (await kit.api.listAll('projects', { client_id: client! })).map(({ name }) => name);
    expect(theirs.items).toEqual(all.items.filter((item) => projects.includes(item.project)));
    expect(await refusal('whats-due', { client: 'Nobody Ltd' })).toContain('No client is called');
  });
});

describe('who-is-away', () => {
  interface Away {
    people: { id: number; hours: number; tentative_hours: number; spans: { type: string; confirmed: boolean }[] }[];
    by_day: { day: string; away: number; tentative: number }[];
    holidays: { day: string }[];
  }

  test.each([
    ['next 4 weeks', NEXT_4_WEEKS],
    ['this quarter', ['2026-10-01', '2026-12-31']],
  ] as const)('%s: the hours of each person, and the number of people away each day', async (range, [from, to]) => {
    const counts = new Map<string, [number, number]>();
    const expected = realPeople(world).flatMap((person) => {
      const [sure, both] = [leaveOf(world, person, to), leaveOf(world, person, to, [1, 2])];
      const days = daysOf(from, to).filter((day) => both.has(day));
      const hours = days.map((day) => {
        const normal = isHoliday(world, person, day) ? 0 : contractHours(person, day);
        const taken = (leave: typeof sure) => {
          const off = leave.get(day);
          return Math.min(normal, off?.full ? 24 : (off?.hours ?? 0));
        };
        const row = [taken(sure), taken(both) - taken(sure)] as const;
        const [away, maybe] = counts.get(day) ?? [0, 0];
        counts.set(day, row[0] > 0 ? [away + 1, maybe] : [away, maybe + (row[1] > 0 ? 1 : 0)]);
        return row;
      });
      if (days.length === 0) return [];
      return [
        { id: person.people_id, hours: sum(hours.map(([a]) => a)), tentative_hours: sum(hours.map(([, b]) => b)) },
      ];
    });
    const found = await ask<Away>('who-is-away', { range, limit: 200 });
    const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
    const people = found.people.map(({ id, hours, tentative_hours }) => ({ id, hours, tentative_hours }));
    expect(people.sort(byId)).toEqual(expected.sort(byId));
    const days = [...counts].filter(([, [away, maybe]]) => away + maybe > 0).sort(([a], [b]) => a.localeCompare(b));
    expect(found.by_day).toEqual(days.map(([day, [away, tentative]]) => ({ day, away, tentative })));
    expect(expected.length).toBeGreaterThan(1);
  });

  test('one person, one type', async () => {
    const all = await ask<Away>('who-is-away', { range: 'this quarter', limit: 200 });
    const [most] = all.people;
    const one = await ask<Away>('who-is-away', { range: 'this quarter', person: most!.id });
    expect(one.people).toEqual([most]);
    const { type } = most!.spans[0]!;
    const typed = await ask<Away>('who-is-away', { range: 'this quarter', type, limit: 200 });
    expect(new Set(typed.people.flatMap(({ spans }) => spans.map((span) => span.type)))).toEqual(new Set([type]));
    const archived = world.people.find(({ active }) => active === 0)!;
    expect(await refusal('who-is-away', { person: archived.people_id })).toContain('is archived');
  });
});
