import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Kit, openKit, textOf } from '../testing/kit.js';

let kit: Kit;
const id: Record<string, number> = {};
const MONDAY = { start_date: '2026-11-23', end_date: '2026-11-23' };

beforeAll(async () => {
  kit = await openKit({ seed: false });
  id['website'] = await kit.add('projects', { name: 'Website' });
  id['app'] = await kit.add('projects', { name: 'App' });
  id['ann'] = await kit.add('people', { name: 'Ann' });
  id['bob'] = await kit.add('people', { name: 'Bob' });
  id['cem'] = await kit.add('people', { name: 'Cem' });
  const [website, app, ann, bob] = [id['website']!, id['app']!, id['ann']!, id['bob']!];
  // Ann: 6 + 5 confirmed on Monday.
  id['six'] = await kit.add('allocations', { project_id: website, people_id: ann, ...MONDAY, hours: 6 });
  id['five'] = await kit.add('allocations', { project_id: app, people_id: ann, ...MONDAY, hours: 5, name: 'Login' });
  // Bob: 6 confirmed on Monday, 4 tentative; and 2 on Sunday, on purpose.
  id['bobs'] = await kit.add('allocations', { project_id: website, people_id: bob, ...MONDAY, hours: 6 });
  id['maybe'] = await kit.add('allocations', { project_id: app, people_id: bob, ...MONDAY, hours: 4, status: 1 });
  const sunday = { start_date: '2026-11-29', end_date: '2026-11-29' };
  id['sunday'] = await kit.add('allocations', { project_id: app, people_id: bob, ...sunday, hours: 2 });
  // Cem is exactly full, and a cancelled booking takes nothing.
  await kit.add('allocations', { project_id: app, people_id: id['cem'], ...MONDAY, hours: 8 });
  await kit.add('allocations', { project_id: app, people_id: id['cem'], ...MONDAY, hours: 8, status: 4 });
});
afterAll(() => kit.close());

describe('who-is-overbooked', () => {
  test('person-days above capacity with their causes, tentative work apart', async () => {
    const { structuredContent } = await kit.call('who-is-overbooked', { range: 'this week' });
    expect(structuredContent).toMatchObject({
      matching: 2,
      overtime_hours: 5,
      tentative_overtime_hours: 2,
      people: [
        {
          name: 'Ann',
          overtime_hours: 3,
          tentative_overtime_hours: 0,
          days: [
            {
              day: '2026-11-23',
              capacity: 8,
              confirmed_hours: 11,
              overtime: 3,
              causes: [
                { allocation_id: id['six'], project: 'Website', hours: 6, status: 'confirmed' },
                { allocation_id: id['five'], project: 'App', task: 'Login', hours: 5, status: 'confirmed' },
              ],
            },
          ],
        },
        {
          name: 'Bob',
          overtime_hours: 2,
          tentative_overtime_hours: 2,
          days: [
            // 6 confirmed fit into 8; with the 4 tentative ones 2 are too many.
            { day: '2026-11-23', overtime: 0, tentative_hours: 4, tentative_overtime: 2 },
            { day: '2026-11-29', capacity: 0, overtime: 2, tentative_overtime: 0 },
          ],
        },
      ],
    });
  });

  test('days with no more than the threshold are left out', async () => {
    const { structuredContent } = await kit.call('who-is-overbooked', { range: 'this week', threshold_hours: 2 });
    expect(structuredContent).toMatchObject({ matching: 1, people: [{ name: 'Ann' }] });
  });

  test('confirmed work in a tentative phase is tentative, in the sums and as a cause', async () => {
    const tuesday = { start_date: '2026-12-08', end_date: '2026-12-08' };
    const phase = await kit.add('phases', { project_id: id['app']!, name: 'Perhaps', status: 1, ...tuesday });
    const work = { people_id: id['cem']!, ...tuesday, hours: 5, status: 2 as const };
    await kit.add('allocations', { ...work, project_id: id['website']! });
    await kit.add('allocations', { ...work, project_id: id['app']!, phase_id: phase });
    const { structuredContent } = await kit.call('who-is-overbooked', { range: '2026-12-08' });
    expect(structuredContent).toMatchObject({
      overtime_hours: 0,
      tentative_overtime_hours: 2,
      people: [{ name: 'Cem', days: [{ causes: [{ status: 'confirmed' }, { status: 'tentative' }] }] }],
    });
  });

  test('the text names days and causes', async () => {
    const text = textOf(await kit.call('who-is-overbooked', { range: 'today' }));
    expect(text).toBe(
      [
        '2 people are overbooked, Mon 2026-11-23: 3 h too much, and 2 h more if tentative work is confirmed.',
        `- Ann (id ${id['ann']}) 3 h too much`,
        `  Mon 2026-11-23: 11 of 8 h: Website 6 (allocation ${id['six']}), App 5 (allocation ${id['five']})`,
        `- Bob (id ${id['bob']}) 0 h too much, and 2 h more if tentative work is confirmed`,
        `  Mon 2026-11-23: 10 of 8 h: Website 6 (allocation ${id['bobs']}), App 4 tentative (allocation ${id['maybe']})`,
        'Filters: active people; no placeholders; more than 0 hours too much on a day. ' +
          'Read 3 people, 6 allocations, 0 time-off records, 0 holidays.',
      ].join('\n'),
    );
  });

  test('without work there is no overbooking', async () => {
    const result = await kit.call('who-is-overbooked', { range: '2027-05' });
    expect(result.structuredContent).toMatchObject({ matching: 0, people: [], overtime_hours: 0 });
    expect(textOf(result)).toContain('0 people are overbooked');
  });
});
