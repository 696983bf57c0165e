import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { callTool as askKit, errorTextOf } from '../testing/call-tool.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { showBudget } from './show-budget.js';

/** Small projects with numbers that can be worked out by hand. Today is Monday 2026-11-23. */
let kit: Kit;
let ann: number;
beforeEach(async () => {
  kit = await openKit({ seed: false, tools: [showBudget] });
  ann = await kit.add('people', { name: 'Ann' });
});
afterEach(() => kit.close());

const LAST_WEEK = { start_date: '2026-11-16', end_date: '2026-11-20' };
const THIS_WEEK = { start_date: '2026-11-23', end_date: '2026-11-27' };
const on = (day: string) => ({ start_date: day, end_date: day });

const ask = (args: Record<string, unknown>) =>
  askKit<Record<string, unknown>>(kit, 'show-budget', { project: 'Atlas', ...args });

describe('hours', () => {
  test('used, left, burn and the day the budget runs out', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 70 });
    await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 8 });
    await kit.add('allocations', { project_id, people_id: ann, ...THIS_WEEK, hours: 6 });
    await kit.add('logged-time', { project_id, people_id: ann, date: '2026-11-16', hours: 7.25 });
    const found = await ask({ weeks: 4 });
    // 40 hours last week, 30 this week; two weeks before that nothing.
    expect(found).toMatchObject({
      budget: { kind: 'fixed-hours', level: 'project', unit: 'hours' },
      standing: { used: 70, total: 70, remaining: 0, percent: 100, over: false },
      logged: { used: 7.25, total: 70, remaining: 62.75, percent: 10.4, over: false },
      spent: 40,
      committed: 30,
      weeks: [
        { from: '2026-11-09', to: '2026-11-15', used: 0 },
        { from: '2026-11-16', to: '2026-11-22', used: 40 },
        { from: '2026-11-23', to: '2026-11-29', used: 30 },
        { from: '2026-11-30', to: '2026-12-06', used: 0 },
      ],
      pace_per_week: 10,
      used_up_on: '2026-11-27',
      unpriced_hours: 0,
      rates: [],
    });
    expect(found).not.toHaveProperty('exceeded_on');
    expect(found).not.toHaveProperty('fees');
  });

  test('the first day that is too much, and the guess where the plan leaves something', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 60 });
    await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 8 });
    await kit.add('allocations', { project_id, people_id: ann, ...THIS_WEEK, hours: 6 });
    // 40 before this week; Monday to Wednesday 58; Thursday 64.
    expect(await ask({})).toMatchObject({ used_up_on: '2026-11-26', exceeded_on: '2026-11-26' });
    await kit.api.update('projects', project_id, { budget_total: 75 });
    // 5 hours left on Friday; at 10 hours a week they last for 3.5 days, from Saturday to Tuesday.
    const found = await ask({ weeks: 0 });
    expect(found).toMatchObject({ at_pace_used_up_on: '2026-12-01', weeks: [] });
    expect(found).not.toHaveProperty('used_up_on');
    // A meeting of an hour a month, for ever, is not the plan of the work.
    const meeting = { start_date: '2026-12-15', end_date: '2026-12-15', repeat_state: 2, hours: 1 };
    const { task_id } = await kit.api.create('allocations', { project_id, people_id: ann, ...meeting });
    expect(await ask({ weeks: 0 })).toMatchObject({ at_pace_used_up_on: '2026-12-01', used_up_on: '2027-04-15' });
    // Nor is one of three hours, when the weeks before the project are part of the mean.
    await kit.api.update('allocations', task_id, { hours: 3 });
    expect(await ask({ weeks: 0 })).toMatchObject({ at_pace_used_up_on: '2026-12-01' });
    await kit.api.update('allocations', task_id, { repeat_state: 0 });
    expect(await ask({ weeks: 0 })).toMatchObject({ at_pace_used_up_on: '2026-12-01' });
    await kit.api.delete('allocations', task_id);
    await kit.api.update('projects', project_id, { status: 3 });
    expect(await ask({})).not.toHaveProperty('at_pace_used_up_on');
    await kit.api.update('projects', project_id, { status: 2, active: 0 });
    expect(await ask({})).not.toHaveProperty('at_pace_used_up_on');
  });

  test('work that tapers off is the plan, to its last day', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 100 });
    await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 8 });
    // Two hours a day from today to 11 December: 30. With last week's 40, 30 are left; at 10 a week 21 days from the 12th.
    const rest = { start_date: '2026-11-23', end_date: '2026-12-11' };
    await kit.add('allocations', { project_id, people_id: ann, ...rest, hours: 2 });
    expect(await ask({ weeks: 0 })).toMatchObject({ at_pace_used_up_on: '2027-01-01' });
  });

  test('a budget that is not set is none, and not one of 0', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1 });
    await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 8 });
    expect((await ask({}))['standing']).toEqual({ used: 40, over: false });
    await kit.api.update('projects', project_id, { budget_total: 0 });
    expect(await ask({})).toMatchObject({
      standing: { total: 0, remaining: -40, over: true },
      exceeded_on: '2026-11-16',
    });
  });

  test('work of archived people counts', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 100 });
    await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 4 });
    await kit.api.update('people', ann, { active: 0 });
    expect(await ask({})).toMatchObject({ standing: { used: 20 } });
  });

  test('work without an end is counted for a year, which the filters state', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 1000 });
    const monday = { ...on('2026-11-23'), repeat_state: 1, hours: 2 };
    await kit.add('allocations', { project_id, people_id: ann, ...monday });
    // 53 Mondays from 2026-11-23 to 2027-11-22.
    const found = await ask({});
    expect(found).toMatchObject({ standing: { used: 106 } });
    expect(found['filters']).toContain('work without an end counted up to 2027-11-24');
  });

  test('tentative work is reported separately, or counted', async () => {
    const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 100, status: 1 });
    await kit.add('allocations', { project_id, people_id: ann, ...THIS_WEEK, hours: 4 });
    expect(await ask({})).toMatchObject({ standing: { used: 0 }, tentative: 20 });
    expect(await ask({ include_tentative: true })).toMatchObject({ standing: { used: 20 }, tentative: 0 });
  });
});

describe('time tracking is off', () => {
  beforeEach(async () => {
    await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_total: 70 });
    kit.sandbox.settings.timeTracking = false;
  });

  test('logged hours are unknown, not 0', async () => {
    const found = await ask({});
    expect(found).not.toHaveProperty('logged');
    expect(found['filters']).toContain('time tracking is off in this account, or the key has no right to it');
    expect(textOf(await kit.call('show-budget', { project: 'Atlas' }))).not.toMatch(/logged 0/);
  });

  test.each(['logged', 'past-logged-future-scheduled'])('basis %s is refused', async (basis) => {
    expect(await errorTextOf(kit, 'show-budget', { project: 'Atlas', basis })).toContain('time tracking is off');
  });
});

describe('the answer', () => {
  let seeded: Kit;
  beforeAll(async () => {
    seeded = await openKit({ seed: true, tools: [showBudget] });
  });
  afterAll(() => seeded.close());

  test('is short, and complete enough to answer with', async () => {
    const text = textOf(await seeded.call('show-budget', { project: 'Brightside Brand', weeks: 2 }));
    expect(text).toBe(
      [
        'Brightside Brand Refresh (Brightside Health, confirmed): fixed fee, 27000.00 of 18000.00 used (150.0 %), 9000.00 over.',
        '23550.00 before today, 3450.00 from today on. Scheduled 27000.00, logged 20110.00.',
        'Pace 5887.50 a week over the last 4 whole weeks. Used up on Wed 2026-11-11, exceeded from Wed 2026-11-11.',
        'Weeks from: 2026-11-16 1725.00, 2026-11-23 1725.00.',
        'Filters: scheduled hours count; tentative work not counted. Read 3 allocations, 25 people, 0 phases, ' +
          '31 time entries, 5 time-off records.',
      ].join('\n'),
    );
  });

  test.each([
    [{ project: 'Brand Refesh' }, 'The nearest are: Brightside Brand Refresh'],
    [{ project: 'Northwind' }, 'fits more than one project: Northwind'],
    [{ project: 'Brightside Brand', basis: 'planned' }, 'basis'],
    [{ project: 'Brightside Brand', weeks: 53 }, 'weeks'],
    [{}, 'project'],
  ])('refuses %j in words', async (args, message) => {
    expect(await errorTextOf(seeded, 'show-budget', args)).toContain(message);
  });
});
