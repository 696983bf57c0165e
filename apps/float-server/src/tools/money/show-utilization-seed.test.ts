/** Utilization of the seeded agency, compared with an independent calculation. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callTool as askKit } from '../testing/call-tool.js';
import { type Cell, cellsOf, contractHours, isHoliday, plusDays, realPeople, sum } from '../testing/hours-oracle.js';
import { type Kit, openKit } from '../testing/kit.js';
import { showUtilization } from './show-utilization.js';
import { type Books, percentOf, readBooks } from './testing/budget-oracle.js';

interface Row {
  id?: number;
  name: string;
  people: number;
  from: string;
  percent: Record<string, number>;
  [hours: string]: unknown;
}
interface Used {
  total: Row;
  groups: Row[];
  periods: Row[];
  formula: string;
  filters: string[];
  records_read: Record<string, number>;
  matching: number;
}

/** Active people only: archived ones have a test of their own. */
const ask = (args: Record<string, unknown>) =>
  askKit<Used>(kit, 'show-utilization', { include_archived: false, ...args });

let kit: Kit;
let books: Books;
beforeAll(async () => {
  kit = await openKit({ seed: true, tools: [showUtilization] });
  books = await readBooks(kit);
});
afterAll(() => kit.close());

const SPANS = {
  'this month': ['2026-11-01', '2026-11-30'],
  'next month': ['2026-12-01', '2026-12-31'],
  '2026-10-26..2026-11-22': ['2026-10-26', '2026-11-22'],
} as const;
type Range = keyof typeof SPANS;

/** Nothing firmer than its project and its phase. */
function firm(): Set<number> {
  const soft = (status: number | undefined) => status === 0 || status === 1;
  return new Set(
    books.allocations
      .filter(
        (one) =>
          !soft(one.status) &&
          !soft(books.projects.find(({ project_id: id }) => id === one.project_id)?.status) &&
          !soft(books.phases.find(({ phase_id: id }) => id === one.phase_id)?.status),
      )
      .map(({ task_id: id }) => id),
  );
}

function hoursOf(person: Books['people'][number], span: readonly [string, string], tentative: boolean) {
  const sure = firm();
  const billable = new Set(books.allocations.filter((one) => one.billable === 1).map(({ task_id: id }) => id));
  const counted = books.allocations.filter(({ task_id: id, status }) => status !== 4 && (tentative || sure.has(id)));
  const cells = cellsOf({ ...books, allocations: counted }, person, span);
  const all = cellsOf(books, person, span);
  const logged = books.logged.filter(
    ({ people_id: id, date }) => id === person.people_id && span[0] <= date && date <= span[1],
  );
  const work = (days: readonly Cell[], keep: (id: number) => boolean) =>
    sum(days.flatMap((cell) => cell.work.filter(({ id }) => keep(id)).map(({ hours }) => hours)));
  const open = ({ day, work: there }: Cell) =>
    there.length > 0 || !isHoliday(books, person, day) ? contractHours(person, day) : 0;
  const scheduled = work(cells, () => true);
  return {
    capacity: sum(cells.map(({ capacity }) => capacity)),
    scheduled,
    billable: work(cells, (id) => billable.has(id)),
    non_billable: sum([scheduled, -work(cells, (id) => billable.has(id))]),
    unscheduled: sum(cells.map(({ free }) => free)),
    overtime: sum(cells.map((cell) => Math.max(0, cell.scheduled - cell.capacity))),
    time_off: sum(cells.map((cell) => open(cell) - cell.capacity)),
    tentative: work(all, (id) => !sure.has(id)),
    logged: sum(logged.map(({ hours }) => hours)),
    logged_billable: sum(logged.filter((one) => one.billable === 1).map(({ hours }) => hours)),
    logged_overtime: sum(
      cells.map((cell) => {
        const done = logged.filter(({ date }) => date === cell.day).map(({ hours }) => hours);
        return Math.max(0, sum(done) - cell.capacity);
      }),
    ),
  };
}
type Hours = ReturnType<typeof hoursOf>;

const HOURS = ['capacity', 'scheduled', 'billable', 'non_billable', 'unscheduled', 'overtime', 'time_off'] as const;
const KEYS = [...HOURS, 'tentative', 'logged', 'logged_billable', 'logged_overtime'] as const;

function added(rows: readonly Hours[]): Hours {
  return Object.fromEntries(KEYS.map((key) => [key, sum(rows.map((row) => row[key]))])) as unknown as Hours;
}

function expected(hours: Hours) {
  const shares: [string, number, number][] = [
    ['scheduled', hours.scheduled, hours.capacity],
    ['billable', hours.billable, hours.capacity],
    ['logged', hours.logged, hours.capacity],
    ['logged_billable', hours.logged_billable, hours.capacity],
    ['billable_of_scheduled', hours.billable, hours.scheduled],
    ['billable_of_logged', hours.logged_billable, hours.logged],
  ];
  const percent = shares.filter(([, , whole]) => whole > 0).map(([key, part, whole]) => [key, percentOf(part, whole)]);
  return { ...hours, percent: Object.fromEntries(percent) };
}

test.each(Object.keys(SPANS).flatMap((range) => [[range as Range, false] as const, [range as Range, true] as const]))(
  'each person in %s, tentative work counted: %p',
  async (range, tentative) => {
    const found = await ask({ range, include_tentative: tentative, limit: 200 });
    const people = realPeople(books);
    expect([found.matching, found.groups.length, found.total.people]).toEqual(Array(3).fill(people.length));
    const rows = people.map((person) => hoursOf(person, SPANS[range], tentative));
    for (const [index, person] of people.entries()) {
      const row = found.groups.find(({ id }) => id === person.people_id);
      expect(row).toEqual({ id: person.people_id, name: person.name, people: 1, ...expected(rows[index]!) });
    }
    expect(found.total).toEqual({ people: people.length, ...expected(added(rows)) });
    const order = found.groups.map(({ percent }) => percent['scheduled'] ?? -1);
    expect(order).toEqual(order.toSorted((a, b) => b - a));
  },
);

test.each(['department', 'role'] as const)('by %s', async (by) => {
  const found = await ask({ range: 'this month', group_by: by });
  const idOf = (one: Books['people'][number]) => (by === 'role' ? one.role_id : one.department?.department_id);
  const people = realPeople(books);
  const ids = [...new Set(people.map(idOf))];
  expect(found.groups.map(({ id }) => id).sort()).toEqual(ids.sort());
  for (const row of found.groups) {
    const own = people.filter((one) => idOf(one) === row.id);
    const hours = added(own.map((person) => hoursOf(person, SPANS['this month'], false)));
    expect(row).toEqual({ id: row.id, name: row.name, people: own.length, ...expected(hours) });
  }
});

test('week by week, and the weeks make up the whole', async () => {
  const found = await ask({
    range: '2026-10-26..2026-11-22',
    group_by: 'none',
    periods: 'week',
    data_set: 'logged',
  });
  expect(found.groups).toEqual([]);
  expect(found.formula).toMatch(/^logged % = logged hours \/ capacity/);
  const mondays = [0, 7, 14, 21].map((days) => plusDays('2026-10-26', days));
  expect(found.periods.map(({ from }) => from)).toEqual(mondays);
  for (const { from, to, ...row } of found.periods) {
    const span = [from, String(to)] as const;
    expect(row).toEqual(expected(added(realPeople(books).map((person) => hoursOf(person, span, false)))));
  }
  for (const key of KEYS) {
    expect(sum(found.periods.map((row) => Number(row[key])))).toBe(Number(found.total[key]));
  }
});
