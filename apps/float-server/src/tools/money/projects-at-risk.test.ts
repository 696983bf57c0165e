/** Each risk by itself, on a project made for it. Today is Monday 2026-11-23. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { callTool as askKit, errorTextOf } from '../testing/call-tool.js';
import { type Kit, openKit } from '../testing/kit.js';
import { projectsAtRisk } from './projects-at-risk.js';

interface Risk {
  kind: string;
  [part: string]: unknown;
}
interface AtRisk {
  projects: { id: number; name: string; risks: Risk[]; used: unknown; total?: unknown; client?: string }[];
  matching: number;
  checked: number;
  filters: string[];
  records_read: Record<string, number>;
}

const tools = [projectsAtRisk];
const THIS_WEEK = { start_date: '2026-11-23', end_date: '2026-11-27' };
const LAST_WEEK = { start_date: '2026-11-16', end_date: '2026-11-20' };

const ask = (args: Record<string, unknown> = {}) => askKit<AtRisk>(kit, 'projects-at-risk', args);

let kit: Kit;
let ann: number;
beforeEach(async () => {
  kit = await openKit({ seed: false, tools });
  ann = await kit.add('people', { name: 'Ann' });
});
afterEach(() => kit.close());

const withTeam = (more: object = {}) => ({ name: 'Atlas', project_team: { set: [{ people_id: ann }] }, ...more });
const LATER = { end_date: '2026-12-31' };
const book = (project_id: number, more: object) =>
  kit.add('allocations', { project_id, people_id: ann, hours: 8, ...THIS_WEEK, ...more });
async function risks(args: Record<string, unknown> = {}): Promise<Risk[]> {
  const { projects, checked } = await ask(args);
  expect(checked).toBe(1);
  return projects.flatMap((project) => project.risks);
}

test('a project that goes as planned has no risk', async () => {
  const id = await kit.add('projects', withTeam({ budget_type: 1, budget_total: 40, end_date: '2026-11-27' }));
  await book(id, {});
  expect(await risks()).toEqual([]);
});

test('over budget: more was used before today than there is', async () => {
  const id = await kit.add('projects', withTeam({ budget_type: 1, budget_total: 39, ...LATER }));
  await book(id, LAST_WEEK);
  expect(await risks()).toEqual([{ kind: 'over-budget' }]);
  await kit.api.update('projects', id, { budget_total: 40 });
  expect(await risks()).toEqual([]);
});

test('over budget by an expense', async () => {
  const id = await kit.add('projects', withTeam({ budget_type: 2, budget_total: 100, ...LATER }));
  await kit.add('project-expenses', { project_id: id, name: 'Fonts', cost: 101, date: '2026-11-20' });
  expect(await risks()).toEqual([{ kind: 'over-budget' }]);
});

test('over budget in one phase, though not in all', async () => {
  const id = await kit.add('projects', withTeam({ budget_type: 1, budget_priority: 1, ...LATER }));
  const phase = { project_id: id, ...LAST_WEEK };
  const small = await kit.add('phases', { ...phase, name: 'Small', budget_total: 10 });
  await kit.add('phases', { ...phase, name: 'Big', budget_total: 500 });
  await book(id, { phase_id: small });
  expect(await risks()).toEqual([]);
  await book(id, { ...LAST_WEEK, phase_id: small });
  expect(await risks()).toEqual([{ kind: 'part-over-budget', parts: ['Small'] }]);
});

test('the budget runs out: listed as soon as the range reaches that day', async () => {
  const id = await kit.add('projects', withTeam({ budget_type: 1, budget_total: 30 }));
  await book(id, {});
  expect(await risks({ range: 'today' })).toEqual([]);
  expect(await risks({ range: '2026-11-23..2026-11-25' })).toEqual([]);
  expect(await risks({ range: '2026-11-23..2026-11-26' })).toEqual([{ kind: 'budget-runs-out', on: '2026-11-26' }]);
});

test('its end has passed, work goes on after it, a milestone lies after it', async () => {
  const id = await kit.add('projects', withTeam({ end_date: '2026-11-20' }));
  await book(id, {});
  await kit.add('milestones', { project_id: id, name: 'Launch', date: '2026-12-01' });
  await kit.add('milestones', { project_id: id, name: 'Far away', date: '2027-06-01' });
  const end = '2026-11-20';
  expect(await risks()).toEqual([
    { kind: 'past-end-date', end },
    { kind: 'work-after-end', end, last_work: '2026-11-27' },
    { kind: 'milestone-after-end', end, milestones: ['Launch'] },
  ]);
});

test('no team: no people, or only people who left', async () => {
  const id = await kit.add('projects', { name: 'Atlas' });
  expect(await risks()).toEqual([{ kind: 'no-team' }]);
  await kit.api.update('projects', id, { project_team: { add: [{ people_id: ann }] } });
  expect(await risks()).toEqual([]);
  await kit.api.update('people', ann, { active: 0 });
  expect(await risks()).toEqual([{ kind: 'no-team' }]);
});

test('unassigned work, in the range and from today on', async () => {
  const id = await kit.add('projects', withTeam());
  const work = { project_id: id, hours: 5, start_date: '2026-11-16', end_date: '2026-12-04' };
  await kit.add('allocations', work);
  expect(await risks({ range: 'this week' })).toEqual([{ kind: 'unassigned-work', hours: 25 }]);
  expect(await risks({ range: '2026-11-16..2026-11-24' })).toEqual([{ kind: 'unassigned-work', hours: 10 }]);
  expect(await risks()).toEqual([{ kind: 'unassigned-work', hours: 50 }]);
});

test('tentative work is no risk unless it is counted', async () => {
  const id = await kit.add('projects', withTeam({ status: 1, budget_type: 1, budget_total: 10 }));
  await book(id, {});
  expect(await risks()).toEqual([]);
  expect(await risks({ include_tentative: true })).toEqual([{ kind: 'budget-runs-out', on: '2026-11-24' }]);
});

test('a finished project can only be over budget; an archived one is not looked at', async () => {
  const end = { end_date: '2026-11-01' };
  const id = await kit.add('projects', withTeam({ budget_type: 1, budget_total: 10, status: 3, ...end }));
  await book(id, LAST_WEEK);
  expect(await risks()).toEqual([{ kind: 'over-budget' }]);
  await kit.api.update('projects', id, { active: 0 });
  expect(await ask()).toMatchObject({ checked: 0, matching: 0 });
});

test('an end that Float derives from the work has passed like one that is set', async () => {
  const id = await kit.add('projects', withTeam());
  await book(id, LAST_WEEK);
  expect(await risks()).toEqual([{ kind: 'past-end-date', end: '2026-11-20' }]);
});

test('a derived end is none where work repeats for ever; one set by hand is', async () => {
  const id = await kit.add('projects', withTeam());
  await book(id, { start_date: '2026-11-02', end_date: '2026-11-02', repeat_state: 1 });
  const [project] = await kit.api.listAll('projects');
  expect(project?.end_date).toBe('2026-11-02');
  expect(await risks()).toEqual([]);
  await kit.api.update('projects', id, { end_date: '2026-12-01' });
  expect(await risks()).toEqual([{ kind: 'work-after-end', end: '2026-12-01', last_work: '2026-12-14' }]);
});

test('logged time counts on request only, and is not read otherwise', async () => {
  const id = await kit.add('projects', withTeam({ budget_type: 1, budget_total: 39, ...LATER }));
  await book(id, LAST_WEEK);
  await kit.add('logged-time', { project_id: id, people_id: ann, date: '2026-11-16', hours: 4 });
  kit.requests.length = 0;
  expect(await risks()).toEqual([{ kind: 'over-budget' }]);
  expect(kit.requests).not.toContain('GET /logged-time');
  expect(await risks({ basis: 'past-logged-future-scheduled' })).toEqual([]);
  kit.sandbox.settings.timeTracking = false;
  expect(await errorTextOf(kit, 'projects-at-risk', { basis: 'logged' })).toContain('time tracking is off');
});
