import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FloatClient } from 'float-api';
import { cellsOf, contractHours, daysOf, readWorld, realPeople, round, sum } from '../testing/hours-oracle.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';

const RANGE = '2026-11-30..2026-12-11';
const SPAN = ['2026-11-30', '2026-12-11'] as const;
const project = 'Helios Customer Portal';

interface Booked {
  preview: boolean;
  allocation: { id?: number; person_id: number; from: string; to: string; hours_per_day: number; status: string };
  further_allocations: { id?: number; from: string; to: string; hours_per_day: number }[];
  days: number;
  total_hours: number;
  not_booked_hours: number;
  effect: {
    day: string;
    scheduled_before: number;
    scheduled_after: number;
    capacity: number;
    overtime_added: number;
  }[];
  overtime_added: number;
  joins_team: boolean;
}

const BASE = { person: 'Ava Lindqvist', project, hours_per_day: 1 };

let kit: Kit;
beforeEach(async () => {
  await kit?.close();
  kit = await openKit({ seed: true });
});
afterAll(() => kit.close());

const book = async (args: Record<string, unknown>) => {
  const result = await kit.call('book-person', { project, range: RANGE, ...args });
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as Booked;
};
const refusal = async (args: Record<string, unknown>) => {
  const result = await kit.call('book-person', { project, range: RANGE, ...args });
  expect(result.isError).toBe(true);
  return textOf(result);
};
const everything = async (api: FloatClient) => JSON.stringify(await api.listAll('allocations'));

describe('the preview', () => {
  test.each([[{ hours_per_day: 3 }], [{ percent: 50 }], [{ total_hours: 40 }]])(
    '%j for each person: the days and their overtime',
    async (amount) => {
      const world = await readWorld(kit);
      for (const person of realPeople(world)) {
        // A percentage of no hours is rejected, for a person who has left.
        if (!daysOf(...SPAN).some((day) => contractHours(person, day) > 0)) continue;
        const before = cellsOf(world, person, SPAN);
        const found = await book({ person: person.people_id, ...amount });
        const booked = [found.allocation, ...found.further_allocations].map(({ from, to, hours_per_day: hours }) => {
          const block = { people_id: person.people_id, start_date: from, end_date: to, hours };
          return { task_id: 0, project_id: 0, ...block, status: 2, repeat_state: 0 } as never;
        });
        const after = cellsOf({ ...world, allocations: [...world.allocations, ...booked] }, person, SPAN);
        const over = (cell: { scheduled: number; capacity: number }) => Math.max(0, cell.scheduled - cell.capacity);
        const expected = after.flatMap((cell, at) => {
          const was = before[at]!;
          if (cell.scheduled === was.scheduled) return [];
          const added = round(over(cell) - over(was));
          return [[cell.day, round(was.scheduled), round(cell.scheduled), cell.capacity, added]];
        });
        const rows = found.effect.map((row) => [
          row.day,
          round(row.scheduled_before),
          round(row.scheduled_after),
          row.capacity,
          round(row.overtime_added),
        ]);
        expect([person.name, rows]).toEqual([person.name, expected]);
        expect([found.days, found.preview]).toEqual([expected.length, true]);
        expect(found.overtime_added).toBeCloseTo(sum(expected.map((row) => Number(row[4]))), 2);
        expect(found.total_hours).toBeCloseTo(sum(expected.map((row) => Number(row[2]) - Number(row[1]))), 2);
        if ('total_hours' in amount) expect(found.total_hours + found.not_booked_hours).toBeCloseTo(40, 2);
      }
    },
  );

  test('changes nothing: without consent, when refused, when cancelled, when only asked for', async () => {
    const before = await everything(kit.api);
    const args = { person: 'Ava Lindqvist', hours_per_day: 2 };
    expect(await book(args)).toMatchObject({ preview: true });
    for (const says of ['decline', 'cancel'] as const) {
      kit.user.answer = says;
      expect(await book(args)).toMatchObject({ preview: true });
      expect(await book({ ...args, confirm: true })).toMatchObject({ preview: true });
    }
    kit.user.answer = 'accept';
    kit.user.asked.length = 0;
    expect(await book({ ...args, confirm: false })).toMatchObject({ preview: true });
    expect(kit.user.asked).toEqual([]);
    expect(await everything(kit.api)).toBe(before);
    expect(kit.requests.filter((request) => !request.startsWith('GET'))).toEqual([]);
  });
});

describe('the deed', () => {
  test('once the user agrees, it is what was shown', async () => {
    kit.user.answer = 'accept';
    const found = await book({ person: 'Ava Lindqvist', total_hours: 40, notes: 'Sprint', status: 'tentative' });
    expect(kit.user.asked).toEqual([expect.stringContaining('Ava Lindqvist on Helios Customer Portal (tentative)')]);
    const saved = await kit.api.get('allocations', found.allocation.id!);
    expect(saved).toMatchObject({
      people_id: found.allocation.person_id,
      start_date: SPAN[0],
      end_date: SPAN[1],
      hours: found.allocation.hours_per_day,
      status: 1,
      notes: 'Sprint',
    });
    expect([found.preview, kit.requests.filter((request) => request.startsWith('POST'))]).toEqual([
      false,
      ['POST /tasks'],
    ]);
  });

  test('a share of days that change their length is several allocations, shown before and written as shown', async () => {
    const person = await kit.add('people', { name: 'Part Timer', work_days_hours: [0, 8, 8, 8, 8, 4, 0] });
    const args = { person, percent: 50, range: '2026-11-30..2026-12-08' };
    const shown = await book({ ...args, confirm: false });
    const parts = [
      ['2026-11-30', '2026-12-03', 4],
      ['2026-12-04', '2026-12-04', 2],
      ['2026-12-07', '2026-12-08', 4],
    ];
    const rowsOf = ({ allocation, further_allocations: further }: Booked) =>
      [allocation, ...further].map(({ from, to, hours_per_day: hours }) => [from, to, hours]);
    expect([rowsOf(shown), shown.total_hours, shown.days]).toEqual([parts, 26, 7]);
    const done = await book({ ...args, confirm: true });
    const ids = [done.allocation, ...done.further_allocations].map(({ id }) => id!);
    const saved = await Promise.all(ids.map((id) => kit.api.get('allocations', id)));
    expect(saved.map((one) => [one.start_date, one.end_date, one.hours])).toEqual(parts);
  });

  test('days that are over, days off and an archived project are named', async () => {
    const past = await kit.call('book-person', { ...BASE, range: '2026-11-19..2026-11-24', confirm: false });
    expect(past.structuredContent).toMatchObject({ days: 4, days_over: 2 });
    expect(textOf(past)).toContain('2 of the days are over');
    const weekend = await kit.call('book-person', { ...BASE, range: '2026-11-28..2026-11-29', confirm: false });
    expect(textOf(weekend)).toContain('on 2 days off');
    const old = await kit.add('projects', { name: 'Old one' });
    await kit.api.update('projects', old, { active: 0 });
    const archived = await kit.call('book-person', { ...BASE, project: 'Old one', range: RANGE, confirm: true });
    expect([archived.isError, textOf(archived)]).toEqual([true, expect.stringContaining('Old one is archived')]);
  });

  test('a rejection by Float half way is an error that names the created allocations', async () => {
    const person = await kit.add('people', { name: 'Part Timer', work_days_hours: [0, 8, 8, 8, 8, 4, 0] });
    kit.sandbox.faults.add({ does: 'status', status: 422, method: 'POST', path: '/tasks', skip: 1 } as never);
    const said = await refusal({ person, percent: 50, range: '2026-11-30..2026-12-04', confirm: true });
    expect(said).toMatch(/^Booked in part only: allocations \d+ are there, those from 2026-12-04 on are not\./);
  });

  test('a client that cannot ask needs confirm: true', async () => {
    const found = await book({ person: 'Ava Lindqvist', percent: 25, confirm: true });
    expect(await kit.api.get('allocations', found.allocation.id!)).toMatchObject({ status: 2 });
  });

  test('it is as firm as its project, in the phase and with the task that were named', async () => {
    const draft = await kit.add('projects', { name: 'Maybe', status: 1 });
    const phase = await kit.add('phases', {
      project_id: draft,
      name: 'One',
      start_date: SPAN[0],
      end_date: SPAN[1],
      status: 1,
    });
    const task = await kit.add('project-tasks', { project_id: draft, task_name: 'Copy', phase_id: phase });
    const args = { person: 'Ava Lindqvist', hours_per_day: 1, confirm: true };
    const found = await book({ ...args, project: 'Maybe', phase: 'One', task: 'Copy' });
    expect(await kit.api.get('allocations', found.allocation.id!)).toMatchObject({
      status: 1,
      phase_id: phase,
      task_meta_id: task,
    });
    expect(found.joins_team).toBe(true);
  });
});

test('impossible bookings are rejected with a message before the user is asked', async () => {
  kit.user.answer = 'accept';
  const person = 'Ava Lindqvist';
  expect(await refusal({ person })).toContain('Give one of');
  expect(await refusal({ person, percent: 10, total_hours: 5 })).toContain('Give one of');
  expect(await refusal({ person: 'Nobody Atall', percent: 10 })).toContain('The nearest are');
  expect(await refusal({ person, percent: 10, range: 'soon' })).toContain('Examples');
  await kit.add('projects', { name: 'Dead', status: 4 });
  expect(await refusal({ person, percent: 10, project: 'Dead' })).toContain('Dead is canceled');
  const archived = (await kit.api.listAll('people')).find(({ active }) => active === 0)!;
  expect(await refusal({ person: archived.people_id, percent: 10 })).toContain('is archived');
  expect([kit.user.asked, kit.requests.filter((request) => /^POST \/tasks/.test(request))]).toEqual([[], []]);
});
