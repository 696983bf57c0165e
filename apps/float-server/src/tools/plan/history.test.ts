/** Past days, including all people who worked then, with numbers worked out by hand. Today is Monday 2026-11-23. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;
let gone: number;
let site: number;
beforeAll(async () => {
  kit = await openKit({ seed: false });
  site = await kit.add('projects', { name: 'Website' });
  const ann = await kit.add('people', { name: 'Ann' });
  gone = await kit.add('people', { name: 'Gone', tags: [{ name: 'Figma' }] });
  await kit.add('people', { name: 'Long gone', active: 0 });
  // Ann: two hours on Monday the 16th. Gone: eight hours from Monday the 2nd, planned until the end of November.
  await kit.add('allocations', {
    project_id: site,
    people_id: ann,
    start_date: '2026-11-16',
    end_date: '2026-11-16',
    hours: 2,
  });
  await kit.add('allocations', {
    project_id: site,
    people_id: gone,
    start_date: '2026-11-02',
    end_date: '2026-11-30',
    hours: 8,
  });
  await kit.add('logged-time', { project_id: site, people_id: ann, date: '2026-11-16', hours: 6.5 });
  await kit.add('logged-time', { project_id: site, people_id: gone, date: '2026-11-03', hours: 16 });
  await kit.api.update('people', gone, { active: 0 });
});
afterAll(() => kit.close());

const ask = async (tool: string, args: Record<string, unknown>) => {
  const result = await kit.call(tool, args);
  expect([result.isError, textOf(result)]).toEqual([undefined, expect.any(String)]);
  return result;
};

describe('a person who was archived since', () => {
  test('counts in logged-vs-planned up to today, of a project and alone', async () => {
    const found = await ask('logged-vs-planned', { project: 'Website', range: 'this month' });
    // Sixteen working days from the 2nd to the 23rd, and no day after today.
    expect(found.structuredContent).toMatchObject({ totals: { logged: 22.5, planned: 130 } });
    expect(textOf(found)).toContain('active people, and 1 archived since who worked then');
    const alone = await ask('logged-vs-planned', { person: 'Gone', range: '2026-11-02..2026-11-06' });
    expect(alone.structuredContent).toMatchObject({ totals: { logged: 16, planned: 40 } });
    const without = await ask('logged-vs-planned', {
      project: 'Website',
      range: 'this month',
      include_archived: false,
    });
    expect(without.structuredContent).toMatchObject({ totals: { logged: 6.5, planned: 2 } });
  });

  test('counts in show-utilization, with capacity up to the last day that is known', async () => {
    const found = await ask('show-utilization', { range: '2026-11-09..2026-11-15' });
    expect(found.structuredContent).toMatchObject({ total: { people: 2, capacity: 80, scheduled: 40 } });
    const tagged = await ask('show-utilization', { range: 'this month', tag: 'figma' });
    expect(tagged.structuredContent).toMatchObject({ total: { people: 1, capacity: 128, scheduled: 128, logged: 16 } });
    const ahead = await ask('show-utilization', { range: 'next week' });
    expect(ahead.structuredContent).toMatchObject({ total: { people: 1, capacity: 40, scheduled: 0 } });
  });

  test('can be named, and no message suggests paying for a seat', async () => {
    const plan = await ask('show-plan', { person: 'Gone', range: '2026-11-16..2026-11-20' });
    expect(plan.structuredContent).toMatchObject({ totals: { scheduled: 40, capacity: 40 } });
    const result = await kit.call('show-plan', { person: 'Gone', range: 'next week' });
    expect([result.isError, textOf(result)]).toEqual([true, expect.not.stringContaining('activate')]);
    expect(textOf(result)).toContain('is archived, and has no work');
  });

  test('is not there without a record of those days, nor free in days to come', async () => {
    const early = await ask('show-utilization', { range: '2026-10-01..2026-10-31' });
    expect(early.structuredContent).toMatchObject({ total: { people: 1 } });
    const free = await ask('who-is-free', { range: 'next week' });
    expect((free.structuredContent as { people: { name: string }[] }).people.map(({ name }) => name)).toEqual(['Ann']);
  });
});
