import { afterAll, beforeEach, expect, test } from '@jest/globals';
import {
  cellsOf,
  contractHours,
  isHoliday,
  type Records,
  readWorld,
  realPeople,
  round,
  sum,
} from '../testing/hours-oracle.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';

const RANGE = '2026-11-30..2026-12-11';
const SPAN = ['2026-11-30', '2026-12-11'] as const;

interface Booked {
  preview: boolean;
  time_off: { id?: number };
  clash_hours: number;
  days: { day: string; scheduled: number; clash: number; work: { allocation_id: number }[] }[];
  already_away: string[];
}

let kit: Kit;
beforeEach(async () => {
  await kit?.close();
  kit = await openKit({ seed: true });
});
afterAll(() => kit.close());

const book = async (args: Record<string, unknown>) => {
  const result = await kit.call('book-time-off', { type: 'Vacation', range: RANGE, ...args });
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as Booked;
};

/** Planned work computed without leave: other leave must not hide a clash. */
const withoutLeave = (world: Records): Records => ({ ...world, timeoffs: [] });

test('whole days clash with all the work on them, some hours with what no longer fits', async () => {
  const world = await readWorld(kit);
  for (const person of realPeople(world)) {
    const cells = cellsOf(withoutLeave(world), person, SPAN);
    const whole = await book({ person: person.people_id });
    const busy = cells.filter(({ scheduled }) => scheduled > 0);
    expect(whole.days.map((row) => [row.day, row.clash])).toEqual(busy.map((row) => [row.day, round(row.scheduled)]));
    expect(whole.clash_hours).toBeCloseTo(sum(busy.map(({ scheduled }) => scheduled)), 2);
    expect(whole.days.map(({ work }) => work.map(({ allocation_id: id }) => id).sort())).toEqual(
      busy.map(({ work }) => work.map(({ id }) => id).sort()),
    );
    const part = await book({ person: person.people_id, hours_per_day: 3 });
    const expected = cells.flatMap(({ day, scheduled }) => {
      const normal = contractHours(person, day);
      const clash = Math.max(0, scheduled - Math.max(0, normal - 3)) - Math.max(0, scheduled - normal);
      return clash > 0 && (scheduled > 0 || !isHoliday(world, person, day)) ? [[day, round(clash)]] : [];
    });
    expect(part.days.map((row) => [row.day, row.clash])).toEqual(expected);
  }
});

test('nothing is written without consent', async () => {
  const before = JSON.stringify(await kit.api.listAll('timeoffs'));
  const args = { person: 'Ava Lindqvist' };
  expect(await book(args)).toMatchObject({ preview: true });
  for (const says of ['decline', 'cancel'] as const) {
    kit.user.answer = says;
    expect(await book({ ...args, confirm: true })).toMatchObject({ preview: true });
  }
  expect(JSON.stringify(await kit.api.listAll('timeoffs'))).toBe(before);
  expect(kit.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
});

test('with consent the preview is carried out; a second booking reports the existing time off', async () => {
  kit.user.answer = 'accept';
  const args = {
    person: 'Ava Lindqvist',
    hours_per_day: 4,
    status: 'tentative',
    notes: 'Dentist',
    range: '2026-12-01',
  };
  const found = await book(args);
  expect(await kit.api.get('timeoffs', found.time_off.id!)).toMatchObject({
    start_date: '2026-12-01',
    end_date: '2026-12-01',
    hours: 4,
    full_day: 0,
    status: 1,
    timeoff_notes: 'Dentist',
    timeoff_type_name: 'Vacation',
  });
  expect(kit.user.asked).toEqual([expect.stringContaining('Vacation for Ava Lindqvist (tentative)')]);
  expect((await book({ ...args, confirm: false })).already_away).toEqual(['2026-12-01']);
  const whole = await book({ person: 'Ava Lindqvist', range: '2026-12-02' });
  expect(await kit.api.get('timeoffs', whole.time_off.id!)).toMatchObject({ full_day: 1, status: 2 });
});
