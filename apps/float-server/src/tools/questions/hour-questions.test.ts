/** The jobs that compare hours, against a second calculation over the seeded agency. Today is Monday 2026-11-23. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cellsOf, plusDays, type Records, readWorld, realPeople, round, sum } from '../testing/hours-oracle.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';

const NEXT_4_WEEKS = ['2026-11-23', '2026-12-20'] as const;
const LAST_WEEK = ['2026-11-16', '2026-11-22'] as const;

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

describe('logged-vs-planned', () => {
  interface Compared {
    totals: { planned: number; logged: number; difference: number };
    rows: { person_id?: number; project_id?: number; day?: string; planned: number; logged: number }[];
    missing_days: { person_id: number; day: string; planned: number }[];
    locked_entries: number;
  }
  const args = { range: 'last week', include_tentative: true, limit: 200 };
  const logged = (id: number) =>
    world.logged.filter(({ people_id: who, date }) => who === id && LAST_WEEK[0] <= date && date <= LAST_WEEK[1]);

  test('planned and logged hours of each person, and the days without an entry', async () => {
    const found = await ask<Compared>('logged-vs-planned', args);
    const expected = realPeople(world).flatMap((person) => {
      const planned = sum(cellsOf(world, person, LAST_WEEK).map(({ scheduled }) => scheduled));
      const done = sum(logged(person.people_id).map(({ hours }) => hours));
      return planned + done === 0 ? [] : [{ id: person.people_id, planned, logged: done }];
    });
    const rows = found.rows.map((row) => ({ id: row.person_id!, planned: row.planned, logged: row.logged }));
    const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
    expect(rows.sort(byId)).toEqual(expected.sort(byId));
    const [planned, done] = [sum(expected.map((row) => row.planned)), sum(expected.map((row) => row.logged))];
    expect(found.totals).toEqual({ planned, logged: done, difference: round(done - planned) });
    const missing = realPeople(world).flatMap((person) =>
      cellsOf(world, person, LAST_WEEK)
        .filter(({ day, scheduled }) => scheduled > 0 && !logged(person.people_id).some(({ date }) => date === day))
        .map(({ day, scheduled }) => `${person.people_id} ${day} ${round(scheduled)}`),
    );
    const days = found.missing_days.map((one) => `${one.person_id} ${one.day} ${one.planned}`);
    expect(days.sort()).toEqual(missing.sort());
    expect(found.locked_entries).toBe(
      realPeople(world).flatMap(({ people_id: id }) => logged(id).filter(({ locked }) => locked === 1)).length,
    );
  });

  test('every grouping adds up to the same, and one project to its rows', async () => {
    const whole = await ask<Compared>('logged-vs-planned', args);
    for (const group_by of ['project', 'person-project', 'day']) {
      const { rows } = await ask<Compared>('logged-vs-planned', { ...args, group_by });
      expect(sum(rows.map((row) => row.planned))).toBeCloseTo(whole.totals.planned, 2);
      expect(sum(rows.map((row) => row.logged))).toBeCloseTo(whole.totals.logged, 2);
    }
    const { rows } = await ask<Compared>('logged-vs-planned', { ...args, group_by: 'project' });
    const { project_id: project, planned, logged: done } = rows[0]!;
    const one = await ask<Compared>('logged-vs-planned', { ...args, project });
    expect(one.totals).toMatchObject({ planned, logged: done });
  });

  test('today is not missing yet', async () => {
    const { missing_days: days } = await ask<Compared>('logged-vs-planned', { ...args, range: 'today' });
    expect(days).toEqual([]);
  });

  test('without time tracking it is an error and not 0 hours', async () => {
    kit.sandbox.settings.timeTracking = false;
    const text = await refusal('logged-vs-planned', args);
    kit.sandbox.settings.timeTracking = true;
    expect(text).toBe(
      'Logged time cannot be read: time tracking is off in this account, or the key has no right to it. ' +
        'Use show-utilization for scheduled hours.',
    );
  });
});

describe('can-we-take-on', () => {
  interface Outlook {
    fits: boolean;
    shortfall_hours: number;
    weeks: { from: string; to: string; lines: { key: string; free: number; hours: number }[]; shortfall: number }[];
    by_role: { key: string; hours: number; free: number; shortfall: number }[];
    in_total: { fits: boolean; hours: number; free: number; shortfall_hours: number };
    if_tentative_work_is_dropped: { shortfall_hours: number };
  }
  const range = 'next 4 weeks';
  const role = () => realPeople(world).find(({ role_id: id }) => id)!.role_id!;
  const freeOf = (fits: (id: number) => boolean, span: readonly [string, string]) =>
    sum(
      realPeople(world)
        .filter(({ people_id: id }) => fits(id))
        .flatMap((person) => cellsOf(world, person, span).map(({ free }) => free)),
    );
  const hasRole = (id: number) => world.people.find((one) => one.people_id === id)?.role_id === role();

  test('one role: the free hours of each week, and what is missing', async () => {
    const found = await ask<Outlook>('can-we-take-on', { range, demands: [{ role: role(), hours: 400 }] });
    expect(found.weeks).toHaveLength(4);
    const missing = found.weeks.map(({ from, to, lines, shortfall }) => {
      const free = freeOf(hasRole, [from, to]);
      expect(lines).toMatchObject([{ free, hours: 100 }]);
      expect(shortfall).toBeCloseTo(Math.max(0, 100 - free), 2);
      return Math.max(0, 100 - free);
    });
    expect([found.shortfall_hours, found.fits]).toEqual([sum(missing), sum(missing) === 0]);
    const free = freeOf(hasRole, NEXT_4_WEEKS);
    const short = round(Math.max(0, 400 - free));
    expect(found.in_total).toEqual({ fits: short === 0, hours: 400, free: round(free), shortfall_hours: short });
    expect(found.if_tentative_work_is_dropped.shortfall_hours).toBeLessThanOrEqual(found.shortfall_hours);
  });

  test('separates total hours from hours in each week', async () => {
    const weeks = [0, 7, 14, 21].map((days) => [plusDays('2026-11-23', days), plusDays('2026-11-29', days)] as const);
    const free = weeks.map((week) => freeOf(hasRole, week));
    // Just as much as there is: evenly spread it cannot fit, unless all weeks are alike.
    const hours = Math.floor(sum(free));
    expect(Math.min(...free)).toBeLessThan(hours / 4);
    const result = await kit.call('can-we-take-on', { range, demands: [{ role: role(), hours }] });
    expect(result.structuredContent).toMatchObject({ fits: false, in_total: { fits: true, shortfall_hours: 0 } });
    expect(textOf(result)).toMatch(/^It fits in total, but not week by week: .* h are needed in all .* spread evenly/);
    const more = await kit.call('can-we-take-on', { range, demands: [{ role: role(), hours: hours + 10 }] });
    expect(textOf(more)).toMatch(/^It does not fit: .* h are missing even so/);
  });

  test('a weekend alone has no room for anything', async () => {
    const args = { range: '2026-11-28..2026-11-29', demands: [{ role: role(), hours: 300 }] };
    const result = await kit.call('can-we-take-on', args);
    expect(result.structuredContent).toMatchObject({ fits: false, in_total: { fits: false, shortfall_hours: 300 } });
    expect(textOf(result)).toMatch(/^It does not fit/);
  });

  test('a small demand fits; the same one twice is one of both hours', async () => {
    const small = await ask<Outlook>('can-we-take-on', { range, demands: [{ role: role(), hours: 1 }] });
    expect(small.by_role).toHaveLength(1);
    const demands = [
      { role: role(), hours: 100 },
      { role: role(), hours: 300 },
    ];
    const twice = await ask<Outlook>('can-we-take-on', { range, demands });
    const once = await ask<Outlook>('can-we-take-on', { range, demands: [{ role: role(), hours: 400 }] });
    expect(twice).toEqual(once);
  });

  test('a person who fits two demands is counted once', async () => {
    const person = realPeople(world).find(({ tags, role_id: id }) => id && tags.length > 0)!;
    const tag = person.tags[0]!.name;
    const demands = [
      { role: person.role_id!, hours: 4000 },
      { tag, hours: 4000 },
    ];
    const found = await ask<Outlook>('can-we-take-on', { range, demands });
    const either = (id: number) => {
      const one = world.people.find((other) => other.people_id === id)!;
      return one.role_id === person.role_id || one.tags.some(({ name }) => name === tag);
    };
    expect(found.shortfall_hours).toBeCloseTo(8000 - freeOf(either, NEXT_4_WEEKS), 1);
  });

  test('hours freed by dropping tentative work are reported separately', async () => {
    const small = await openKit({ seed: false });
    const project_id = await small.add('projects', { name: 'Website' });
    const people_id = await small.add('people', { name: 'Ann', tags: [{ name: 'Figma' }] });
    const days = { start_date: '2026-11-23', end_date: '2026-11-25', hours: 8 };
    await small.add('allocations', { project_id, people_id, ...days, status: 1 });
    const args = { range: 'this week', demands: [{ tag: 'figma', hours: 40 }] };
    const blocked = (await small.call('can-we-take-on', args)).structuredContent;
    const free = (await small.call('can-we-take-on', { ...args, include_tentative: false })).structuredContent;
    await small.close();
    // Five days of 8 hours, three of them taken by work that is only tentative.
    expect(blocked).toMatchObject({ shortfall_hours: 24, if_tentative_work_is_dropped: { shortfall_hours: 0 } });
    expect([free?.['fits'], free?.['shortfall_hours']]).toEqual([true, 0]);
  });

  test('unanswerable questions are rejected with a message', async () => {
    expect(await refusal('can-we-take-on', { range: 'last week', demands: [{ tag: 'x', hours: 1 }] })).toContain(
      'over',
    );
    expect(await refusal('can-we-take-on', { range, demands: [{ hours: 1 }] })).toContain('role or a tag');
    expect(await refusal('can-we-take-on', { range, demands: [{ tag: 'No such', hours: 1 }] })).toContain(
      'nearest tags',
    );
  });
});
