/** Every way in which one allocation can lie to the range it is handed over in. */

import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Allocation } from 'float-api';
import { type Kit, openKit, textOf } from '../testing/kit.js';

const CUT = ['2026-12-02', '2026-12-15'] as const;

interface Handed {
  preview: boolean;
  edits: { action: string; allocation_id?: number; person_ids: number[] }[];
  hours_given: number;
  hours_taken: number;
  shared: unknown[];
  undo: { action: string }[];
}

let kit: Kit;
beforeEach(async () => {
  await kit?.close();
  kit = await openKit({ seed: false });
});
afterAll(() => kit.close());

const give = async (args: Record<string, unknown>) => {
  const result = await kit.call('hand-over', { range: `${CUT[0]}..${CUT[1]}`, ...args });
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
  return result.structuredContent as unknown as Handed;
};

describe('one allocation', () => {
  const id: Record<string, number> = {};
  const place = async (fields: Partial<Allocation>) => {
    id['project'] = await kit.add('projects', { name: 'Website' });
    for (const name of ['Ann', 'Bob', 'Cem']) id[name] = await kit.add('people', { name });
    const people = fields.people_ids?.map((at) => id[['Ann', 'Bob', 'Cem'][at]!]!);
    const who = people === undefined ? { people_id: id['Ann'] } : { people_ids: people };
    return kit.add('allocations', {
      project_id: id['project'],
      start_date: '2026-11-30',
      end_date: '2026-12-18',
      hours: 4,
      ...fields,
      ...who,
    } as never);
  };
  const handed = () => give({ from_person: 'Ann', to_person: 'Bob', confirm: true });
  const all = async () =>
    (await kit.api.listAll('allocations')).map(
      (one) =>
        `${one.people_id ?? one.people_ids} ${one.start_date}..${one.end_date} r${one.repeat_state} ${one.repeat_end_date ?? ''}`,
    );

  test('that reaches beyond both edges is split in three; the original keeps its beginning', async () => {
    const original = await place({});
    const { edits } = await handed();
    expect(edits.map(({ action }) => action)).toEqual(['create', 'create', 'update']);
    expect(edits[2]).toMatchObject({ allocation_id: original, from: '2026-11-30', to: '2026-12-01' });
    expect((await all()).sort()).toEqual(
      [
        `${id['Ann']} 2026-11-30..2026-12-01 r0 `,
        `${id['Bob']} 2026-12-02..2026-12-15 r0 `,
        `${id['Ann']} 2026-12-16..2026-12-18 r0 `,
      ].sort(),
    );
  });

  test('that lies inside goes as a whole', async () => {
    await place({ start_date: '2026-12-07', end_date: '2026-12-08' });
    expect((await handed()).edits.map(({ action }) => action)).toEqual(['create', 'delete']);
    expect(await all()).toEqual([`${id['Bob']} 2026-12-07..2026-12-08 r0 `]);
  });

  test('of several people leaves the others alone', async () => {
    await place({ people_ids: [0, 2] });
    await handed();
    expect((await all()).sort()).toEqual(
      [
        `${id['Cem']} 2026-11-30..2026-12-18 r0 `,
        `${id['Ann']} 2026-11-30..2026-12-01 r0 `,
        `${id['Bob']} 2026-12-02..2026-12-15 r0 `,
        `${id['Ann']} 2026-12-16..2026-12-18 r0 `,
      ].sort(),
    );
  });

  test.each([
    ['both-shares', [4, 4], 8],
    ['own-share', [4], 4],
  ])('that the receiver shares already, with %s: %j on each day', async (shared, hours, a_day) => {
    const original = await place({ people_ids: [0, 1, 2] });
    const result = await kit.call('hand-over', {
      from_person: 'Ann',
      to_person: 'Bob',
      range: `${CUT[0]}..${CUT[1]}`,
      shared,
      confirm: true,
    });
    const done = result.structuredContent as unknown as Handed;
    expect(done.shared).toEqual([{ allocation_id: original, project_id: id['project'], hours_per_day: 4 }]);
    expect(textOf(result)).toContain(`Bob already shares allocation ${original} and does ${a_day} h a day of it`);
    expect(textOf(result)).not.toContain('working days or holidays differ');
    // Ten working days, and Bob has no others.
    expect([done.hours_given, done.hours_taken]).toEqual([40, 10 * (a_day - 4)]);
    const records = await kit.api.listAll('allocations', { start_date: CUT[0], end_date: CUT[1] });
    const of = (name: string) =>
      records.filter((one) => [one.people_id, ...(one.people_ids ?? [])].includes(id[name]!)).map((one) => one.hours);
    expect([of('Ann'), of('Bob'), of('Cem')]).toEqual([[], hours, [4]]);
  });

  test('that repeats stays a series before and after, with the code it had', async () => {
    await place({ start_date: '2026-11-23', end_date: '2026-11-23', repeat_state: 1, repeat_end_date: '2027-01-31' });
    await handed();
    expect((await all()).sort()).toEqual(
      [
        `${id['Ann']} 2026-11-23..2026-11-23 r1 2026-12-01`,
        `${id['Bob']} 2026-12-07..2026-12-07 r0 `,
        `${id['Bob']} 2026-12-14..2026-12-14 r0 `,
        `${id['Ann']} 2026-12-21..2026-12-21 r1 2027-01-31`,
      ].sort(),
    );
  });

  test('a failure half way loses no work, and reports how to undo it', async () => {
    await place({});
    kit.sandbox.faults.add({ does: 'status', status: 500, path: '/tasks', method: 'PATCH' } as never);
    const stopped = await handed();
    expect(stopped).toMatchObject({ preview: false, stopped_by: expect.any(String) });
    expect(stopped.undo.map(({ action }) => action)).toEqual(['delete', 'delete']);
    expect(await all()).toContain(`${id['Ann']} 2026-11-30..2026-12-18 r0 `);
  });

  test('only of the project that was named', async () => {
    const days = { start_date: '2026-12-07', end_date: '2026-12-08' };
    await place(days);
    const app = await kit.add('projects', { name: 'App' });
    await kit.add('allocations', { project_id: app, people_id: id['Ann']!, ...days, hours: 2 });
    const done = await give({ from_person: 'Ann', to_person: 'Bob', project: 'App', confirm: true });
    expect([done.hours_given, done.hours_taken]).toEqual([4, 4]);
    const left = await kit.api.listAll('allocations', { people_id: id['Ann']! });
    expect(left.map(({ project_id: one }) => one)).toEqual([id['project']]);
  });

  test('of a cancelled project is no work any more', async () => {
    await place({});
    await kit.api.update('projects', id['project']!, { status: 4 } as never);
    const args = { from_person: 'Ann', to_person: 'Bob', range: 'next 4 weeks' };
    expect(textOf(await kit.call('hand-over', args))).toContain('Ann has no such work');
  });

  test('completed work, other projects and no person', async () => {
    await place({ status: 3 });
    const args = { from_person: 'Ann', to_person: 'Bob', range: 'next 4 weeks' };
    expect(textOf(await kit.call('hand-over', args))).toContain('Ann has no such work');
    await kit.add('projects', { name: 'App' });
    expect(textOf(await kit.call('hand-over', { ...args, project: 'App' }))).toContain('no such work');
    expect(textOf(await kit.call('hand-over', { ...args, to_person: 'Ann' }))).toContain('same');
  });
});
