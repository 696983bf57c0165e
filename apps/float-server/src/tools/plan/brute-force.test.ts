/**
 * The answers of who-is-free and who-is-overbooked against a second calculation over the seeded agency. It shares no code
 * with resource-planning: it reads whole tables, walks day by day with `Date`, and steps through every repetition one by one.
 */

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Allocation, Person, PublicHoliday, TeamHoliday, TimeOff } from 'float-api';
import { blocks, contractHours, daysOf } from '../testing/hours-oracle.js';
import { type Kit, openKit, TODAY } from '../testing/kit.js';

const RANGES = ['this week', 'next 4 weeks', 'last month', 'this quarter'];
/** The same ranges, written out for 2026-11-23. */
const SPANS: Record<string, [string, string]> = {
  'this week': ['2026-11-23', '2026-11-29'],
  'next 4 weeks': ['2026-11-23', '2026-12-20'],
  'last month': ['2026-10-01', '2026-10-31'],
  'this quarter': ['2026-10-01', '2026-12-31'],
};
let kit: Kit;
let people: readonly Person[];
let allocations: readonly Allocation[];
let timeoffs: readonly TimeOff[];
let team: readonly TeamHoliday[];
let holidays: readonly PublicHoliday[];

beforeAll(async () => {
  kit = await openKit({ seed: true });
  people = await kit.api.listAll('people');
  allocations = await kit.api.listAll('allocations');
  timeoffs = await kit.api.listAll('timeoffs');
  team = await kit.api.listAll('holidays');
  holidays = await kit.api.listAll('public-holidays', { start_date: '2020-01-01', end_date: '2030-12-31' });
});
afterAll(() => kit.close());

function isHoliday(person: Person, day: string): boolean {
  return (
    team.some(({ date, end_date: end }) => date <= day && day <= (end ?? date)) ||
    holidays.some(({ region, dates }) => region === person.region_id && dates.includes(day))
  );
}
interface Away {
  full: boolean;
  hours: number;
}
/** Confirmed leave of a person by day, up to the last day asked for. */
function leaveOf(person: Person, last: string): Map<string, Away> {
  const found = new Map<string, Away>();
  for (const leave of timeoffs) {
    if (leave.status !== 2 || !leave.people_ids.includes(person.people_id)) continue;
    for (const day of new Set(blocks(leave, leave.repeat_end, last).flat())) {
      const away = found.get(day) ?? { full: false, hours: 0 };
      found.set(day, leave.full_day ? { ...away, full: true } : { ...away, hours: away.hours + (leave.hours ?? 0) });
    }
  }
  return found;
}

interface Cell {
  day: string;
  capacity: number;
  scheduled: number;
  causes: number[];
}
function cellsOf(person: Person, [from, to]: [string, string], statuses: readonly number[]): Cell[] {
  const leave = leaveOf(person, to);
  const worksOn = (day: string) => contractHours(person, day) > 0 && !isHoliday(person, day);
  const own = allocations.filter(
    ({ status, people_id: one, people_ids: several }) =>
      statuses.includes(status) && (one === person.people_id || (several ?? []).includes(person.people_id)),
  );
  const work = own.map((allocation) => {
    const all = blocks(allocation, allocation.repeat_end_date, to);
    const offDays = !all[0]!.some((day) => contractHours(person, day) > 0);
    const taken = all.map((block, index) => {
      if (index === 0) return block.some(worksOn) ? block.filter(worksOn) : block;
      return block.filter((day) => (offDays ? !isHoliday(person, day) : worksOn(day)));
    });
    return { id: allocation.task_id, hours: allocation.hours, days: new Set(taken.flat()) };
  });
  return daysOf(from, to).map((day) => {
    const { full = false, hours: off = 0 } = leave.get(day) ?? {};
    const there = full ? [] : work.filter(({ days }) => days.has(day));
    const open = there.length > 0 || !isHoliday(person, day);
    return {
      day,
      capacity: open && !full ? Math.max(0, contractHours(person, day) - off) : 0,
      scheduled: there.reduce((sum, { hours }) => sum + hours, 0),
      causes: there.map(({ id }) => id).sort(),
    };
  });
}
const total = (numbers: number[]) => Math.round(numbers.reduce((sum, one) => sum + one, 0) * 100) / 100;
const real = () => people.filter((person) => person.active === 1 && person.people_type_id < 3);

test('the seed is worth testing with', () => {
  expect(real().length).toBeGreaterThan(10);
  expect(people.some(({ active }) => active === 0)).toBe(true);
  expect(people.some(({ people_type_id: type }) => type >= 3)).toBe(true);
  expect(new Set(allocations.map(({ status }) => status)).size).toBeGreaterThan(1);
  expect(allocations.some(({ repeat_state: state }) => state > 0)).toBe(true);
  expect(timeoffs.some(({ full_day: full }) => full === 0)).toBe(true);
  expect(Math.min(team.length, holidays.length)).toBeGreaterThan(0);
});

describe.each(RANGES)('%s', (range) => {
  test.each([
    [false, [2, 3]],
    [true, [0, 1, 2, 3]],
  ])('who-is-free with include_tentative %p', async (tentative, statuses) => {
    const args = { range, include_tentative: tentative, min_hours: 0, limit: 200 };
    const { structuredContent } = await kit.call('who-is-free', args);
    const found = structuredContent as { people: { id: number; free_hours: number; capacity_hours: number }[] };
    const expected = real().map((person) => {
      const [from, to] = SPANS[range]!;
      // Past days are left out, unless the whole range is past.
      const cells = cellsOf(person, to < TODAY || from > TODAY ? [from, to] : [TODAY, to], statuses);
      const free = total(cells.map(({ capacity, scheduled }) => Math.max(0, capacity - scheduled)));
      return { id: person.people_id, free_hours: free, capacity_hours: total(cells.map(({ capacity }) => capacity)) };
    });
    const rows = found.people.map(({ id, free_hours, capacity_hours }) => ({ id, free_hours, capacity_hours }));
    const byId = (a: { id: number }, b: { id: number }) => a.id - b.id;
    expect(rows.sort(byId)).toEqual(expected.filter((row) => row.free_hours > 0).sort(byId));
  });

  test('who-is-overbooked', async () => {
    const { structuredContent } = await kit.call('who-is-overbooked', { range, limit: 200 });
    interface Day {
      day: string;
      overtime: number;
      tentative_overtime: number;
      causes: { allocation_id: number }[];
    }
    const found = structuredContent as unknown as { people: { id: number; days: Day[] }[] };
    const rows = found.people.flatMap(({ id, days }) =>
      days.map(({ day, overtime, tentative_overtime: maybe, causes }) => {
        const ids = causes.map((cause) => cause.allocation_id).sort();
        return `${id} ${day} ${total([overtime])} ${total([maybe])} ${ids}`;
      }),
    );
    const expected = real().flatMap((person) => {
      const sure = cellsOf(person, SPANS[range]!, [2, 3]);
      return cellsOf(person, SPANS[range]!, [0, 1, 2, 3]).flatMap((all, index) => {
        const tooMuch = Math.max(0, all.scheduled - all.capacity);
        const surely = Math.max(0, sure[index]!.scheduled - sure[index]!.capacity);
        return tooMuch > 0.001
          ? [`${person.people_id} ${all.day} ${total([surely])} ${total([tooMuch - surely])} ${all.causes}`]
          : [];
      });
    });
    expect(rows.sort()).toEqual(expected.sort());
    if (range === 'this quarter') expect(rows.length).toBeGreaterThan(0);
  });
});
