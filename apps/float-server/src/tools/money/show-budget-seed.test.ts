/** Every project of the seeded agency, on every basis, compared with an independent calculation. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { callTool as askKit } from '../testing/call-tool.js';
import { plusDays } from '../testing/hours-oracle.js';
import { type Kit, openKit, TODAY } from '../testing/kit.js';
import { showBudget } from './show-budget.js';
import type { Books, Hour } from './testing/budget-oracle.js';
import * as byHand from './testing/budget-oracle.js';

const BASES = ['scheduled', 'logged', 'past-logged-future-scheduled'] as const;
const MONDAY = TODAY;

let kit: Kit;
let books: Books;
let planned: Hour[];
let logged: Hour[];

beforeAll(async () => {
  kit = await openKit({ seed: true, tools: [showBudget] });
  books = await byHand.readBooks(kit);
  planned = byHand.plannedHours(books);
  logged = byHand.loggedHours(books);
});
afterAll(() => kit.close());

test('the seed has all five kinds of budget, with difficult cases', () => {
  const kinds = books.projects.map(({ budget_type: type, budget_priority: level }) => `${type}/${level}`);
  expect(new Set(kinds)).toEqual(new Set(['0/0', '1/0', '1/2', '2/0', '2/1', '3/0']));
  expect(planned.some(({ person }) => person === undefined)).toBe(true);
  expect(planned.some(({ billable }) => !billable)).toBe(true);
  expect(planned.some(({ day }) => day === byHand.HORIZON || day > '2027-11-15')).toBe(true);
  const archived = books.people.filter(({ active }) => active === 0).map(({ people_id: id }) => id);
  expect(planned.some(({ person }) => person !== undefined && archived.includes(person))).toBe(true);
});

interface Found {
  budget: { unit: string; kind: string; level: string };
  [key: string]: unknown;
}

function ofBasis(basis: (typeof BASES)[number], project: number, tentative: boolean): Hour[] {
  const scheduled = planned.filter((hour) => hour.project === project && (tentative || !hour.tentative));
  const done = logged.filter((hour) => hour.project === project);
  if (basis === 'scheduled') return scheduled;
  if (basis === 'logged') return done;
  return [...done.filter(({ day }) => day < TODAY), ...scheduled.filter(({ day }) => day >= TODAY)];
}

/** A sum of hours in the unit of the budget, in ten-thousandths, including the expense of the dashboard. */
function sumsOf(project: Books['projects'][number]) {
  const isMoney = project.budget_type >= 2;
  const rate = (hour: Hour) => (isMoney ? byHand.billRate(books, hour) : 1);
  const counts = ({ billable, phase, task }: Hour) =>
    billable && (project.budget_priority !== 1 || phase > 0) && (project.budget_priority !== 2 || task !== undefined);
  // 480.00 and 10 per cent on top, a week ago on Wednesday.
  const expense = project.name === 'Helios Grid Dashboard' ? 5_280_000 : 0;
  return {
    counts,
    used: (hours: readonly Hour[]) => byHand.priced(hours.filter(counts), rate),
    expense,
    shown: (amount: number) => (isMoney ? byHand.moneyText(amount) : amount / 10_000),
  };
}

function totalOf(project: Books['projects'][number]): number | undefined {
  const { project_id: id, budget_total: own, budget_priority: level, budget_type: type } = project;
  if (type !== 1 && type !== 2) return undefined;
  const phases = books.phases.filter((phase) => phase.project_id === id).map((phase) => phase.budget_total);
  const tasks = books.tasks.filter((task) => task.project_id === id).map((task) => task.budget);
  const parts = [[own], phases, tasks][level]!.filter((part) => part != null);
  return parts.reduce((sum, part) => sum + Number(part) * 10_000, 0);
}

function standing(used: number, total: number | undefined, shown: (amount: number) => unknown) {
  if (total === undefined) return { used: shown(used), over: false };
  const percent = byHand.percentOf(used, total);
  return { used: shown(used), total: shown(total), remaining: shown(total - used), percent, over: used > total };
}

const ask = (args: Record<string, unknown>) => askKit<Found>(kit, 'show-budget', args);

const ALL = [
  'Northwind Webshop',
  'Northwind Loyalty App',
  'Helios Customer Portal',
  'Helios Grid Dashboard',
  'Brightside Booking',
  'Brightside Brand Refresh',
  'City Rail Wayfinding',
  'City Rail Ticketing Pitch',
  'Oakfield Mobile Banking',
  'Lumen Interactive Exhibit',
  'Tandem Arcade Launch Site',
  'Internal: Studio Operations',
];

describe.each(ALL)('%s', (name) => {
  test.each(BASES.flatMap((basis) => [[basis, false] as const, [basis, true] as const]))(
    'by %s hours, tentative work counted: %p',
    async (basis, tentative) => {
      const project = books.projects.find((one) => one.name === name)!;
      const { used, counts, shown, expense } = sumsOf(project);
      const total = totalOf(project);
      const hours = ofBasis(basis, project.project_id, tentative);
      const found = await ask({ project: name, basis, include_tentative: tentative, include_costs: true });

      expect(found['standing']).toEqual(standing(used(hours) + expense, total, shown));
      const scheduled = used(ofBasis('scheduled', project.project_id, tentative));
      expect(found['scheduled']).toEqual(standing(scheduled + expense, total, shown));
      expect(found['logged']).toEqual(
        standing(used(ofBasis('logged', project.project_id, false)) + expense, total, shown),
      );
      const before = hours.filter(({ day }) => day < TODAY);
      expect(found['spent']).toEqual(shown(used(before) + expense));
      expect(found['committed']).toEqual(shown(used(hours) - used(before)));
      const leftOut = planned.filter((hour) => hour.project === project.project_id && hour.tentative && !tentative);
      expect(found['tentative']).toEqual(shown(used(leftOut)));

      const counted = hours.filter(counts);
      expect(found['counted_hours']).toBe(byHand.total(counted));
      expect(found['not_counted_hours']).toBe(byHand.total(hours) - byHand.total(counted));
      const unpriced = counted.filter((hour) => byHand.billRate(books, hour) === undefined);
      expect(found['unpriced_hours']).toBe(project.budget_type >= 2 ? byHand.total(unpriced) : 0);

      expect(found['fees']).toEqual({
        amount: byHand.moneyText(
          byHand.priced(counted, (hour) => byHand.billRate(books, hour)) + feeOfExpense(project),
        ),
        unpriced_hours: byHand.total(unpriced),
      });
      expect(found['costs']).toEqual({
        amount: byHand.moneyText(byHand.priced(hours, (hour) => byHand.costRate(books, hour)) + (expense && 4_800_000)),
        unpriced_hours: byHand.total(hours.filter((hour) => byHand.costRate(books, hour) === undefined)),
      });
    },
  );

  test.each(BASES)('burn by %s hours: weeks, pace, the day it runs out', async (basis) => {
    const project = books.projects.find((one) => one.name === name)!;
    const { used, counts, shown, expense } = sumsOf(project);
    const total = totalOf(project);
    const hours = ofBasis(basis, project.project_id, false).filter(counts);
    const found = await ask({ project: name, basis, weeks: 6 });
    const behind = basis === 'logged' ? 5 : 3;
    const expenseDay = '2026-11-18';
    const weeks = Array.from({ length: 6 }, (_, index) => {
      const from = plusDays(MONDAY, 7 * (index - behind));
      const to = plusDays(from, 6);
      const inside = hours.filter(({ day }) => from <= day && day <= to);
      return { from, to, used: shown(used(inside) + (from <= expenseDay && expenseDay <= to ? expense : 0)) };
    });
    expect(found['weeks']).toEqual(weeks);
    const recent = hours.filter(({ day }) => day >= plusDays(MONDAY, -28) && day < MONDAY);
    expect(Number(found['pace_per_week'])).toBeCloseTo(used(recent) / 40_000, 1);

    const days = [...new Set(hours.map(({ day }) => day))].sort();
    const upTo = (last: string) => used(hours.filter(({ day }) => day <= last));
    const usedUp = total === undefined ? undefined : days.find((day) => upTo(day) >= total);
    const exceeded = total === undefined ? undefined : days.find((day) => upTo(day) > total);
    expect([found['used_up_on'], found['exceeded_on']]).toEqual([usedUp, exceeded]);

    const pace = used(recent) / 4;
    // From the day after the last week that has, alone and with three beside it, a fifth of the busiest.
    const count = Math.ceil((Date.parse(days.at(-1) ?? TODAY) - Date.parse(MONDAY)) / (7 * 86_400_000)) + 1;
    const usedFrom = (from: string, length: number) =>
      used(hours.filter(({ day }) => day >= TODAY && from <= day && day < plusDays(from, 7 * length)));
    const mondays = Array.from({ length: Math.max(1, count) }, (_, at) => plusDays(MONDAY, 7 * at));
    const four = mondays.map((monday) => usedFrom(monday, 4));
    const busiest = Math.max(pace, ...mondays.map((monday) => usedFrom(monday, 1)));
    const goesOn = mondays.filter(
      (monday, at) =>
        5 * usedFrom(monday, 1) >= busiest && 5 * Math.max(four[at]!, four[Math.max(0, at - 3)]!) >= 4 * busiest,
    );
    const end = plusDays(goesOn.at(-1) ?? MONDAY, 6);
    const busy = days.filter((day) => day >= TODAY && day <= end);
    const next = [TODAY, ...busy.map((day) => plusDays(day, 1))].sort().at(-1)!;
    const left = total === undefined ? 0 : total - used(hours.filter(({ day }) => day < next));
    const atPace = left <= 0 || pace === 0 ? undefined : plusDays(next, Math.ceil((7 * left) / pace) - 1);
    const isLater = usedUp !== undefined && atPace !== undefined && usedUp <= atPace;
    expect(found['at_pace_used_up_on']).toBe(isLater ? undefined : atPace);
  });
});

/** Markup is billed with time and materials only; the one expense of the seed is on such a project. */
function feeOfExpense({ name }: Books['projects'][number]): number {
  return name === 'Helios Grid Dashboard' ? 5_280_000 : 0;
}

test.each([
  ['Northwind Loyalty App', 'phase'],
  ['Brightside Booking', 'task'],
] as const)('%s, whose budget is divided by %s', async (name, level) => {
  const project = books.projects.find((one) => one.name === name)!;
  const { used, shown } = sumsOf(project);
  const hours = ofBasis('scheduled', project.project_id, false);
  const rows =
    level === 'phase'
      ? books.phases.map((one) => ({ id: one.phase_id, of: one.project_id, name: one.name, total: one.budget_total }))
      : books.tasks.map((one) => ({
          id: one.task_meta_id,
          of: one.project_id,
          name: one.task_name,
          total: one.budget,
        }));
  const expected = rows
    .filter(({ of }) => of === project.project_id)
    .map((row) => {
      const own = used(hours.filter(({ phase, task }) => row.id === (level === 'phase' ? phase : task)));
      const total = row.total == null ? undefined : Number(row.total) * 10_000;
      return { id: row.id, name: row.name, ...standing(own, total, shown) };
    });
  const found = await ask({ project: name });
  expect(found['parts']).toEqual(expected);
  expect(found.budget.level).toBe(level);
});
