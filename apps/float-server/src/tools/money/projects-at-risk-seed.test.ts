/** Risks of the seeded projects, compared with an independent calculation. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callTool as askKit, errorTextOf, mostListeners } from '../testing/call-tool.js';
import { type Kit, openKit, TODAY, textOf } from '../testing/kit.js';
import { projectsAtRisk } from './projects-at-risk.js';
import { showBudget } from './show-budget.js';
import type { Hour } from './testing/budget-oracle.js';
import * as byHand from './testing/budget-oracle.js';

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

const tools = [projectsAtRisk, showBudget];

const ask = (args: Record<string, unknown> = {}) => askKit<AtRisk>(kit, 'projects-at-risk', args);

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true, tools });
});
afterAll(() => kit.close());

test('every project and its budget', async () => {
  const books = await byHand.readBooks(kit);
  const to = '2027-01-31';
  const hours = byHand.plannedHours(books).filter(({ day }) => day <= to);
  const found = await ask({ range: `${TODAY}..${to}`, include_tentative: true });
  const expected = books.projects
    .filter(({ active }) => active === 1)
    .flatMap((project) => {
      const own = hours.filter((hour) => hour.project === project.project_id);
      const kinds = kindsOf(project, own, books);
      return kinds.length === 0 ? [] : [[project.name, kinds] as const];
    });
  const rows = found.projects.map(({ name, risks }) => [name, risks.map(({ kind }) => kind)] as const);
  expect(new Map(rows)).toEqual(new Map(expected));
  expect(found.checked).toBe(11);
  expect(rows.length).toBeGreaterThanOrEqual(3);
});

/** The kinds of risk, walked through in the order of the answer. */
function kindsOf(project: byHand.Books['projects'][number], own: readonly Hour[], books: byHand.Books): string[] {
  const { budget_type: type, budget_priority: level, budget_total: total, project_id: id } = project;
  const rate = (hour: Hour) => (type === 2 ? (byHand.billRate(books, hour) ?? 0) : 1);
  const counted = own.filter(({ billable }) => billable);
  const used = (some: readonly Hour[]) => byHand.priced(some, rate);
  const before = counted.filter(({ day }) => day < TODAY);
  const phases = books.phases.filter((phase) => phase.project_id === id && phase.budget_total != null);
  const tasks = books.tasks.filter((task) => task.project_id === id && task.budget != null);
  const parts = level === 1 ? phases.map((one) => [one.phase_id, one.budget_total] as const) : [];
  if (level === 2) parts.push(...tasks.map((one) => [one.task_meta_id, one.budget] as const));
  const ofPart = (part: number) => before.filter(({ phase, task }) => part === (level === 1 ? phase : task));
  const whole = level === 0 ? total : parts.reduce((sum, [, one]) => sum + Number(one), 0);
  const limit = type === 1 || type === 2 ? Number(whole) * 10_000 : Number.POSITIVE_INFINITY;
  const last =
    own
      .map(({ day }) => day)
      .sort()
      .at(-1) ?? '';
  const endless = books.allocations.some(
    (one) => one.project_id === id && one.repeat_state > 0 && !one.repeat_end_date,
  );
  const end = endless ? undefined : project.end_date;
  return [
    ...(used(before) > limit ? ['over-budget'] : []),
    ...(parts.some(([part, one]) => used(ofPart(part)) > Number(one) * 10_000) ? ['part-over-budget'] : []),
    ...(used(before) <= limit && used(counted) > limit ? ['budget-runs-out'] : []),
    ...(end && end < TODAY ? ['past-end-date'] : []),
    ...(end && last > end ? ['work-after-end'] : []),
    ...(end && books.milestones.some((one) => one.project_id === id && one.date.slice(0, 10) > end)
      ? ['milestone-after-end']
      : []),
    ...(own.some(({ person, day }) => person === undefined && day >= TODAY) ? ['unassigned-work'] : []),
  ];
}

test('the amounts are those of show-budget', async () => {
  for (const { id, used, total } of (await ask({ limit: 200 })).projects) {
    const { structuredContent } = await kit.call('show-budget', { project: id });
    const { spent, standing } = structuredContent as { spent: unknown; standing: { total?: unknown } };
    expect([used, total]).toEqual([spent, standing.total]);
  }
});

test('the text is short and states the checked range', async () => {
  const text = textOf(await kit.call('projects-at-risk', { client: 'Brightside' }));
  expect(text).toBe(
    [
      '1 of 2 projects is at risk, plans up to Sun 2026-12-20.',
      '- Brightside Brand Refresh (id 42006, Brightside Health), 23550.00 of 18000.00 used before today: over budget; ' +
        'work until Wed 2026-12-02, after its end Fri 2026-11-27.',
      'Looked at: Mon 2026-11-23 to Sun 2026-12-20.',
      'Filters: projects that are not archived; client Brightside Health; ' +
        'scheduled hours count; tentative work not counted. Read 8 allocations, 25 people, 6 phases, 0 time entries, ' +
        '9 time-off records.',
    ].join('\n'),
  );
});

test('most risks first, and a shortened list is marked', async () => {
  const all = await ask({ include_tentative: true, range: 'next 10 weeks' });
  const counts = all.projects.map(({ risks }) => risks.length);
  expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  const one = await ask({ include_tentative: true, range: 'next 10 weeks', limit: 1 });
  expect([one.projects, one.matching]).toEqual([all.projects.slice(0, 1), all.matching]);
});

test('reports progress, and stops when the call is cancelled', async () => {
  kit.progress.length = 0;
  await ask();
  expect(kit.progress.map(([done, total]) => [done, total])).toEqual([1, 2, 3, 4, 5, 6, 7].map((done) => [done, 7]));
  const result = await kit.call('projects-at-risk', {}, AbortSignal.abort());
  expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining('cancelled')]);
});

test("no call adds more abort listeners than Node's default limit", async () => {
  const counts = [
    await mostListeners(kit, 'projects-at-risk', { basis: 'logged' }),
    await mostListeners(kit, 'show-budget', { project: 'Helios Grid Dashboard', include_costs: true }),
  ];
  expect(Math.max(...counts)).toBeLessThanOrEqual(10);
  expect(Math.min(...counts)).toBeGreaterThan(0);
});

test.each([
  [{ client: 'Brightsid Helth' }, 'The nearest are: Brightside Health'],
  [{ range: 'last week' }, 'That is over'],
  [{ basis: 'all' }, 'basis'],
])('%j is refused in words', async (args, message) => {
  expect(await errorTextOf(kit, 'projects-at-risk', args)).toContain(message);
});
