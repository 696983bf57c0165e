import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cellsOf, isHoliday, type Records, readWorld, realPeople, sum } from '../testing/hours-oracle.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';

/** Wide enough to see what lies before and after the range that is handed over. */
const AROUND = ['2026-10-01', '2027-02-28'] as const;
const CUT = ['2026-12-02', '2026-12-15'] as const;

interface Handed {
  preview: boolean;
  edits: { action: string; allocation_id?: number; person_ids: number[] }[];
  hours_given: number;
  hours_taken: number;
  undo: { action: 'create' | 'update' | 'delete'; allocation_id?: number; fields: Record<string, unknown> }[];
  stopped_by?: string;
}

let kit: Kit;
beforeEach(async () => {
  await kit?.close();
  kit = await openKit({ seed: true });
});
afterAll(() => kit.close());

const give = async (args: Record<string, unknown>) => {
  const result = await kit.call('hand-over', { range: `${CUT[0]}..${CUT[1]}`, ...args });
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as Handed;
};
const inside = (day: string) => CUT[0] <= day && day <= CUT[1];
/** Work of one person by day, as a text to compare; `keep` picks days. */
const workOf = (world: Records, id: number, keep: (day: string) => boolean) => {
  const person = world.people.find(({ people_id: one }) => one === id)!;
  return cellsOf(world, person, AROUND)
    .filter(({ day, work }) => keep(day) && work.length > 0)
    .map(
      ({ day, work }) =>
        `${day} ${work
          .map(({ project, hours }) => `${project}:${hours}`)
          .sort()
          .join()}`,
    );
};
/** All of them, without what changes with every write. */
const state = async () =>
  (await kit.api.listAll('allocations'))
    .map(({ task_id: _id, modified: _m, modified_by: _b, created: _c, created_by: _d, ...rest }) =>
      JSON.stringify(rest),
    )
    .sort();

describe('on the seeded agency', () => {
  test('work in the range changes hands, and nothing else does', async () => {
    const world = await readWorld(kit);
    const busy = realPeople(world).filter(({ people_id: id }) => workOf(world, id, inside).length > 0);
    for (const from of busy.slice(0, 4)) {
      const to = realPeople(world).find((one) => one !== from && !one.end_date && one.region_id === from.region_id)!;
      const before = await readWorld(kit);
      const done = await give({ from_person: from.people_id, to_person: to.people_id, confirm: true });
      const after = await readWorld(kit);
      expect([done.preview, done.stopped_by]).toEqual([false, undefined]);
      expect(workOf(after, from.people_id, (day) => !inside(day))).toEqual(
        workOf(before, from.people_id, (day) => !inside(day)),
      );
      expect(workOf(after, to.people_id, (day) => !inside(day))).toEqual(
        workOf(before, to.people_id, (day) => !inside(day)),
      );
      // Completed work stays with the person who did it; there is none in the future.
      expect(workOf(after, from.people_id, inside)).toEqual([]);
      const hours = (one: Records, id: number) =>
        sum(cellsOf(one, one.people.find(({ people_id }) => people_id === id)!, CUT).map(({ scheduled }) => scheduled));
      expect(done.hours_given).toBeCloseTo(hours(before, from.people_id) - hours(after, from.people_id), 1);
      expect(done.hours_taken).toBeCloseTo(hours(after, to.people_id) - hours(before, to.people_id), 1);
      for (const other of realPeople(before)) {
        if (other.people_id === from.people_id || other.people_id === to.people_id) continue;
        expect(workOf(after, other.people_id, () => true)).toEqual(workOf(before, other.people_id, () => true));
      }
    }
    expect(busy.length).toBeGreaterThan(3);
  });

  test('undo brings back what was', async () => {
    const world = await readWorld(kit);
    const from = realPeople(world).find(({ people_id: id }) => workOf(world, id, inside).length > 3)!;
    const to = realPeople(world).find((one) => one !== from)!;
    const before = await state();
    const { undo } = await give({ from_person: from.people_id, to_person: to.people_id, confirm: true });
    expect(await state()).not.toEqual(before);
    for (const { action, allocation_id: id, fields } of undo) {
      if (action === 'create') await kit.api.create('allocations', fields as never);
      if (action === 'update') await kit.api.update('allocations', id!, fields);
      if (action === 'delete') await kit.api.delete('allocations', id!);
    }
    expect(await state()).toEqual(before);
  });

  test('nothing is written without consent', async () => {
    const world = await readWorld(kit);
    const from = realPeople(world).find(({ people_id: id }) => workOf(world, id, inside).length > 3)!;
    const to = realPeople(world).find((one) => one !== from)!;
    const args = { from_person: from.people_id, to_person: to.people_id };
    const before = await state();
    const shown = await give(args);
    expect([shown.preview, shown.undo, shown.edits.length > 0]).toEqual([true, [], true]);
    for (const says of ['decline', 'cancel'] as const) {
      kit.user.answer = says;
      expect(await give({ ...args, confirm: true })).toMatchObject({ preview: true });
    }
    expect(kit.user.asked[0]).toContain(`From ${from.name} to ${to.name}`);
    expect(await state()).toEqual(before);
    expect(kit.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
  });
});

test('a yearly series starts again on a day it was worked on, however far ahead that is known', async () => {
  const world = await readWorld(kit);
  const off = (year: number) => `${year}-01-01`;
  const from = realPeople(world).find(
    (one) => !one.end_date && [2026, 2027].every((year) => isHoliday(world, one, off(year))),
  )!;
  const to = realPeople(world).find((one) => one !== from)!;
  const [project_id] = (await kit.api.listAll('projects')).map((one) => one.project_id);
  const day = { start_date: off(2025), end_date: off(2025), repeat_state: 9 };
  await kit.add('allocations', { project_id: project_id!, people_id: from.people_id, ...day, hours: 3 });
  const cells = async () =>
    cellsOf(await readWorld(kit), from, ['2025-02-01', '2027-12-31']).filter(({ scheduled }) => scheduled > 0);
  const before = await cells();
  const people = { from_person: from.people_id, to_person: to.people_id };
  expect((await give({ ...people, range: '2025-01', confirm: true })).hours_given).toBe(3);
  // New Year 2027 is more than a year after the range.
  expect((await cells()).map(({ day: one, scheduled }) => [one, scheduled])).toEqual(
    before.map(({ day: one, scheduled }) => [one, scheduled]),
  );
});
