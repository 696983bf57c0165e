import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { callTool as askKit } from '../testing/call-tool.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { showBudget } from './show-budget.js';

/** Small budgets in money, with numbers that can be worked out by hand. Today is Monday 2026-11-23. */
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

test('each rate has its level; hours without one are reported, not priced at 0', async () => {
  const designer = await kit.add('roles', { name: 'Designer', default_hourly_rate: 40 });
  const bob = await kit.add('people', { name: 'Bob', role_id: designer });
  const cem = await kit.add('people', { name: 'Cem', default_hourly_rate: 33.33 });
  const dee = await kit.add('people', { name: 'Dee', default_hourly_rate: 70 });
  const set = [{ people_id: ann }, { people_id: bob }, { people_id: cem }, { people_id: dee, hourly_rate: 0 }];
  const project_team = { set };
  const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 3, project_team });
  for (const people_id of [ann, bob, cem, dee]) {
    await kit.add('allocations', { project_id, people_id, ...on('2026-11-23'), hours: 2.5 });
  }
  await kit.add('allocations', { project_id, people_id: dee, ...on('2026-11-24'), hours: 1 });
  const found = await ask({});
  // 100 for Bob, 83.325 for Cem, 0 for Dee because of a rate of 0.
  expect(found).toMatchObject({
    budget: { kind: 'time-and-materials', unit: 'money' },
    standing: { used: '183.33', over: false },
    counted_hours: 11,
    unpriced_hours: 2.5,
  });
  expect(found['rates']).toEqual([
    { person_id: dee, person: 'Dee', hours: 3.5, rate: '0.00', level: 'project-team' },
    { person_id: ann, person: 'Ann', hours: 2.5 },
    { person_id: bob, person: 'Bob', hours: 2.5, rate: '40.00', level: 'role' },
    { person_id: cem, person: 'Cem', hours: 2.5, rate: '33.33', level: 'person' },
  ]);
  expect(textOf(await kit.call('show-budget', { project: 'Atlas' }))).toContain(
    '2.5 h have no rate and are in no amount: Ann 2.5 h.',
  );
});

test('a fee by phase: work outside the phases uses none of it, and the phase sets its own rate', async () => {
  const project_team = { set: [{ people_id: ann }] };
  const project = { name: 'Atlas', budget_type: 2, budget_priority: 1, default_hourly_rate: 100, project_team };
  const project_id = await kit.add('projects', project);
  const phase = { project_id, ...THIS_WEEK };
  const build = await kit.add('phases', { ...phase, name: 'Build', budget_total: 500, default_hourly_rate: 120 });
  const test = await kit.add('phases', { ...phase, name: 'Test' });
  const free = await kit.add('phases', { ...phase, name: 'Warranty', non_billable: 1 });
  const work = { project_id, people_id: ann, ...on('2026-11-23') };
  for (const [phase_id, hours] of [[build, 5] as const, [test, 1] as const, [free, 4] as const, [0, 8] as const]) {
    await kit.add('allocations', { ...work, phase_id, hours });
  }
  expect(await ask({ include_costs: true })).toMatchObject({
    fees: { amount: '700.00', unpriced_hours: 0 },
    costs: { amount: '0.00', unpriced_hours: 18 },
    standing: { used: '700.00', total: '500.00', remaining: '-200.00', percent: 140, over: true },
    parts: [
      { id: build, name: 'Build', used: '600.00', total: '500.00', remaining: '-100.00', percent: 120, over: true },
      { id: test, name: 'Test', used: '100.00', over: false },
      { id: free, name: 'Warranty', used: '0.00', over: false },
    ],
    counted_hours: 6,
    not_counted_hours: 12,
    used_up_on: '2026-11-23',
  });
});

test('hours by project task: work without a task uses none of them', async () => {
  const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 1, budget_priority: 2 });
  const api = await kit.add('project-tasks', { project_id, task_name: 'API', budget: 12 });
  const docs = await kit.add('project-tasks', { project_id, task_name: 'Docs', billable: 0, budget: 4 });
  const work = { project_id, people_id: ann, ...THIS_WEEK };
  await kit.add('allocations', { ...work, task_meta_id: api, hours: 2 });
  await kit.add('allocations', { ...work, task_meta_id: docs, hours: 1 });
  await kit.add('allocations', { ...work, hours: 3 });
  expect(await ask({})).toMatchObject({
    standing: { used: 10, total: 16, remaining: 6, percent: 62.5 },
    parts: [
      { name: 'API', used: 10, total: 12, remaining: 2, percent: 83.3, over: false },
      { name: 'Docs', used: 0, total: 4, remaining: 4, percent: 0, over: false },
    ],
    not_counted_hours: 20,
  });
});

test('fees, costs and margin; expenses with their markup', async () => {
  await kit.api.update('people', ann, { cost_rate: 60, default_hourly_rate: 100 });
  const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 3 });
  const internal = await kit.add('project-tasks', { project_id, task_name: 'Meetings', billable: 0 });
  await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 4 });
  await kit.add('allocations', { project_id, people_id: ann, ...LAST_WEEK, hours: 1, task_meta_id: internal });
  await kit.add('project-expenses', { project_id, name: 'Fonts', cost: 200, markup: 10 });
  await kit.add('project-expenses', { project_id, name: 'Lunch', cost: 50, billable: 0 });
  // 20 h at 100, and 220 billed; 25 h at 60, and 250 paid.
  expect(await ask({ include_costs: true })).toMatchObject({
    standing: { used: '2220.00' },
    expenses: '220.00',
    spent: '2220.00',
    pace_per_week: '500.00',
    fees: { amount: '2220.00', unpriced_hours: 0 },
    costs: { amount: '1750.00', unpriced_hours: 0 },
    margins: [{ revenue: 'fees', amount: '2220.00', profit: '470.00', percent: 21.2 }],
  });
});

test('a fixed fee is held against the costs of all work, not of a part', async () => {
  await kit.api.update('people', ann, { cost_rate: 60, default_hourly_rate: 100 });
  const project_id = await kit.add('projects', { name: 'Atlas', budget_type: 2, budget_total: 5000 });
  await kit.add('allocations', { project_id, people_id: ann, ...THIS_WEEK, hours: 8 });
  const { margins } = await ask({ include_costs: true });
  expect(margins).toEqual([
    { revenue: 'fees', amount: '4000.00', profit: '1600.00', percent: 40 },
    { revenue: 'fixed-fee', amount: '5000.00', profit: '2600.00', percent: 52 },
  ]);
  const logged = await ask({ include_costs: true, basis: 'logged' });
  expect(logged['margins']).toEqual([{ revenue: 'fees', amount: '0.00', profit: '0.00' }]);
});

test.each(['403', '404'])('unavailable expenses (%s) are reported, not taken as none', async (status) => {
  await kit.add('projects', { name: 'Atlas', budget_type: 3 });
  kit.sandbox.faults.add({ does: 'status', status: Number(status), path: '/project-expenses' });
  expect((await ask({}))['filters']).toContain('expenses could not be read and are not counted');
});

test('an unsupported rate card is reported', async () => {
  const seeded = await openKit({ seed: true, tools: [showBudget] });
  const [card] = await seeded.api.listAll('rate-cards');
  await seeded.add('projects', { name: 'Atlas', budget_type: 3, rate_card_id: card!.rate_card_id });
  const result = await seeded.call('show-budget', { project: 'Atlas' });
  await seeded.close();
  expect(result.structuredContent?.['filters']).toContain("the project's rate card is not read");
});
