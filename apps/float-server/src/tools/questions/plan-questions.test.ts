/** find-available, show-plan, who-works-on and leave-clashes, compared with an independent calculation over the seed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Cell,
  cellsOf,
  clashHours,
  earliestDays,
  firmWorld,
  type Records,
  readWorld,
  realPeople,
  sum,
} from '../testing/hours-oracle.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';

const NEXT_4_WEEKS = ['2026-11-23', '2026-12-20'] as const;
const NEXT_8_WEEKS = ['2026-11-23', '2027-01-17'] as const;
const CONFIRMED_LEAVE = [2];
const ALL_LEAVE = [1, 2];

let kit: Kit;
let world: Records;
/** Ids of the allocations whose project and phase are confirmed too. */
let firm: ReadonlySet<number>;
let firmOnly: Records;
beforeAll(async () => {
  kit = await openKit({ seed: true });
  world = await readWorld(kit);
  firmOnly = await firmWorld(world, kit);
  firm = new Set(firmOnly.allocations.map(({ task_id: id }) => id));
});
afterAll(() => kit.close());

/** The days of a person with confirmed work only. */
function firmCells(person: Records['people'][number], range: readonly [string, string]): Cell[] {
  return cellsOf(firmOnly, person, range);
}

async function ask<T>(tool: string, args: Record<string, unknown>): Promise<T> {
  const result = await kit.call(tool, args);
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as T;
}

describe('find-available', () => {
  interface Available {
    people: { id: number; start: string; finish: string; days: { day: string; hours: number }[] }[];
    matching: number;
    partly: { id: number; free_hours: number }[];
  }

  test.each([
    [40, 24],
    [120, 24],
    [30, 2],
    [100_00, 24],
  ])('%s hours, at most %s a day: all people with enough time, the earliest finish first', async (hours, most) => {
    const found = await ask<Available>('find-available', { hours, most_hours_per_day: most, limit: 200 });
    const judged = realPeople(world).map((person) => {
      const cells = firmCells(person, NEXT_8_WEEKS);
      return { id: person.people_id, name: person.name, cells, days: earliestDays(cells, hours, most) };
    });
    const able = judged.flatMap(({ id, name, days }) => {
      const [first, last] = [days?.[0]?.day, days?.at(-1)?.day];
      return days === undefined ? [] : [{ id, name, start: String(first), finish: String(last), days }];
    });
    able.sort(
      (a, b) => a.finish.localeCompare(b.finish) || a.start.localeCompare(b.start) || a.name.localeCompare(b.name),
    );
    expect(found.people.map(({ id, start, finish, days }) => ({ id, start, finish, days }))).toEqual(
      able.map(({ name: _name, ...rest }) => rest),
    );
    expect(found.matching).toBe(able.length);
    const partly = judged
      .filter(({ days }) => days === undefined)
      .map(({ id, cells }) => [id, sum(cells.map(({ free }) => Math.min(free, most)))])
      .filter(([, free]) => Number(free) > 0);
    expect(new Map(found.partly.map((one) => [one.id, one.free_hours]))).toEqual(new Map(partly as [number, number][]));
  });

  test('an unknown tag is answered with near ones', async () => {
    const result = await kit.call('find-available', { hours: 8, tag: 'fgma' });
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('The nearest tags are')]);
  });
});

describe('show-plan', () => {
  interface Shown {
    totals: Record<'capacity' | 'scheduled' | 'free', number>;
    days: { day: string; capacity: number; scheduled: number; free: number; work: { allocation_id: number }[] }[];
  }

  test('each person, day by day, with all work but cancelled', async () => {
    for (const person of realPeople(world)) {
      const found = await ask<Shown>('show-plan', { person: person.people_id, range: 'next 4 weeks' });
      const cells = cellsOf(world, person, NEXT_4_WEEKS);
      const part = (name: 'capacity' | 'scheduled' | 'free') => sum(cells.map((cell) => cell[name]));
      expect(found.totals).toMatchObject({
        capacity: part('capacity'),
        scheduled: part('scheduled'),
        free: part('free'),
      });
      const busy = cells.filter(({ scheduled }) => scheduled > 0);
      expect(found.days.filter(({ scheduled }) => scheduled > 0).map(({ day, scheduled }) => [day, scheduled])).toEqual(
        busy.map(({ day, scheduled }) => [day, scheduled]),
      );
      expect(found.days.flatMap(({ work }) => work.map((one) => one.allocation_id)).sort()).toEqual(
        busy.flatMap(({ work }) => work.map(({ id }) => id)).sort(),
      );
    }
  });

  test('places of work, leave and holidays stand on their days', async () => {
    const person = realPeople(world)[0] as Records['people'][number];
    const id = person.people_id;
    const dates = { start_date: '2026-11-24', end_date: '2026-11-25' };
    await kit.add('statuses', { people_id: id, status_type_id: 1, ...dates });
    const { days } = await ask<{ days: { day: string; places: string[] }[] }>('show-plan', { person: id });
    expect(days.filter(({ places }) => places.includes('home')).map(({ day }) => day)).toEqual([
      '2026-11-24',
      '2026-11-25',
    ]);
  });
});

describe('who-works-on', () => {
  interface Works {
    people: { id: number; confirmed_hours: number; tentative_hours: number; first: string; last: string }[];
  }

  test('every project in the next weeks: hours of each person, confirmed and tentative', async () => {
    const [from, to] = NEXT_4_WEEKS;
    const projects = await kit.api.listAll('projects', { active: 1 });
    const active = world.people.filter(({ people_type_id: type }) => type < 4);
    const perPerson = active.map((person) => ({ person, cells: cellsOf(world, person, NEXT_4_WEEKS) }));
    for (const { project_id: id } of projects) {
      const found = await ask<Works>('who-works-on', { project: id, range: `${from}..${to}`, limit: 200 });
      const expected = perPerson.flatMap(({ person, cells }) => {
        const work = cells.flatMap(({ day, work: all }) =>
          all.filter(({ project }) => project === id).map((one) => ({ day, ...one })),
        );
        const hours = (sure: boolean) => sum(work.filter((one) => firm.has(one.id) === sure).map((one) => one.hours));
        if (work.length === 0) return [];
        const days = work.map(({ day }) => day).sort();
        const [first, last] = [days[0], days.at(-1)];
        return [{ id: person.people_id, confirmed_hours: hours(true), tentative_hours: hours(false), first, last }];
      });
      const shown = found.people.map(({ id: person, confirmed_hours, tentative_hours, first, last }) => ({
        ...{ id: person, confirmed_hours, tentative_hours, first, last },
      }));
      expect(shown.sort((a, b) => a.id - b.id)).toEqual(expected.sort((a, b) => a.id - b.id));
    }
  });
});

describe('leave-clashes', () => {
  interface Clashes {
    people: { id: number; confirmed_clash_hours: number; tentative_clash_hours: number }[];
    matching: number;
  }

  test('hours of confirmed work that leave leaves no room for', async () => {
    const found = await ask<Clashes>('leave-clashes', { range: 'next 8 weeks', limit: 200 });
    const expected = realPeople(world).flatMap((person) => {
      const clash = (statuses: readonly number[]) => clashHours(firmOnly, person, NEXT_8_WEEKS, statuses);
      const [sure, all] = [clash(CONFIRMED_LEAVE), clash(ALL_LEAVE)];
      return sure > 0 || all > sure
        ? [{ id: person.people_id, confirmed_clash_hours: sure, tentative_clash_hours: sum([all, -sure]) }]
        : [];
    });
    const shown = found.people.map(({ id, confirmed_clash_hours, tentative_clash_hours }) => ({
      ...{ id, confirmed_clash_hours, tentative_clash_hours },
    }));
    expect(expected.length).toBeGreaterThan(0);
    expect(shown.sort((a, b) => a.id - b.id)).toEqual(expected.sort((a, b) => a.id - b.id));
    expect(found.matching).toBe(expected.length);
  });
});
