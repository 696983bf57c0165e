import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { workload } from 'resource-planning';
import { type Kit, openKit, TODAY } from '../testing/kit.js';
import { readPlan } from './read.js';

const WEEK = { from: '2026-11-23', to: '2026-11-27' };
const MONDAY = { start_date: '2026-11-23', end_date: '2026-11-23' };

let kit: Kit;
const read = (range = WEEK) =>
  readPlan(
    { api: kit.api, today: () => TODAY, signal: new AbortController().signal, progress: async () => {} },
    range,
    {
      placeholders: false,
    },
  );

describe('an account without anything', () => {
  beforeAll(async () => {
    kit = await openKit({ seed: false });
  });
  afterAll(() => kit.close());

  test('work is no firmer than its phase and its project', async () => {
    const person = await kit.add('people', { name: 'Ann' });
    const firm = await kit.add('projects', { name: 'Firm' });
    const maybe = await kit.add('projects', { name: 'Maybe', status: 1 });
    const phase = await kit.add('phases', { project_id: firm, name: 'Later', status: 1, ...MONDAY });
    const over = await kit.add('projects', { name: 'Over', status: 4 });
    const work = { people_id: person, ...MONDAY, hours: 4, status: 2 as const };
    const ids = [
      await kit.add('allocations', { ...work, project_id: firm }),
      await kit.add('allocations', { ...work, project_id: maybe }),
      await kit.add('allocations', { ...work, project_id: firm, phase_id: phase }),
      await kit.add('allocations', { ...work, project_id: over }),
    ];
    // Float returns the allocation's own status, regardless of its parents.
    const own = await kit.api.listAll('allocations');
    expect(ids.map((id) => own.find((one) => one.task_id === id)?.status)).toEqual([2, 2, 2, 2]);
    const { allocations } = await read();
    expect(ids.map((id) => allocations.find((one) => one.id === id)?.status)).toEqual([
      'confirmed',
      'tentative',
      'tentative',
      'cancelled',
    ]);
    expect(allocations.find(({ id }) => id === ids[2])).toMatchObject({ projectId: firm, phaseId: phase });
    expect(allocations.find(({ id }) => id === ids[0])?.phaseId).toBeUndefined();
  });
});

describe('the seeded agency', () => {
  beforeAll(async () => {
    kit = await openKit({ seed: true });
  });
  afterAll(() => kit.close());

  test('work put on days off on purpose is known as such also where its first day lies before the range', async () => {
    const christmas = { from: '2026-12-25', to: '2026-12-26' };
    const off = await kit.api.listAll('public-holidays', { start_date: christmas.from, end_date: christmas.from });
    const people = await kit.api.listAll('people', { active: 1 });
    const onCall = people.find((one) => !one.end_date && off.some(({ region }) => region === one.region_id))!;
    const [project] = await kit.api.listAll('projects', { active: 1 });
    // Friday, a holiday, and Saturday: nothing but days off.
    await kit.add('allocations', {
      people_id: onCall.people_id,
      project_id: project!.project_id,
      start_date: christmas.from,
      end_date: christmas.to,
      hours: 2.25,
    });
    for (const from of [christmas.from, christmas.to]) {
      const range = { from, to: christmas.to };
      const plan = await read(range);
      const rows = workload(plan, range, { includeTentative: true });
      const saturday = rows.find(({ person }) => person.id === onCall.people_id)?.days.at(-1);
      const hours = saturday?.work.map((one) => one.hours);
      expect([saturday?.day, hours]).toEqual([christmas.to, expect.arrayContaining([2.25])]);
    }
  });
});
