import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type Cell,
  cellsOf,
  contractHours,
  isHoliday,
  plusDays,
  realPeople,
  sum,
} from '../jobs-writing/testing/by-hand.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { showUtilization } from './show-utilization.js';
import { type Books, percentOf, readBooks } from './testing/by-hand.js';

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

async function ask(kit: Kit, args: Record<string, unknown>): Promise<Used> {
  const result = await kit.call('show-utilization', args);
  expect(textOf(result)).not.toMatch(/undefined|NaN|\[object/);
  expect(result.isError).toBeUndefined();
  return result.structuredContent as unknown as Used;
}

describe('on the seeded agency, against a second calculation', () => {
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
    const percent = shares
      .filter(([, , whole]) => whole > 0)
      .map(([key, part, whole]) => [key, percentOf(part, whole)]);
    return { ...hours, percent: Object.fromEntries(percent) };
  }

  test.each(Object.keys(SPANS).flatMap((range) => [[range as Range, false] as const, [range as Range, true] as const]))(
    'each person in %s, tentative work counted: %p',
    async (range, tentative) => {
      const found = await ask(kit, { range, include_tentative: tentative, limit: 200 });
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
    const found = await ask(kit, { range: 'this month', group_by: by });
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
    const found = await ask(kit, {
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
});

describe('a small team, by hand', () => {
  let kit: Kit;
  const id: Record<string, number> = {};
  /** The week runs from Monday 2026-11-23, today. */
  const week = { start_date: '2026-11-23', end_date: '2026-11-27' };
  beforeAll(async () => {
    kit = await openKit({ seed: false, tools: [showUtilization] });
    id['design'] = await kit.add('departments', { name: 'Design' });
    const type = await kit.add('timeoff-types', { timeoff_type_name: 'Vacation' });
    const site = await kit.add('projects', { name: 'Website' });
    const internal = await kit.add('projects', { name: 'Internal', non_billable: 1 });
    const pitch = await kit.add('projects', { name: 'Pitch', status: 1 });
    id['ann'] = await kit.add('people', { name: 'Ann', department_id: id['design'], job_title: 'Designer' });
    id['bob'] = await kit.add('people', { name: 'Bob', work_days_hours: [0, 4, 4, 4, 4, 0, 0] });
    await kit.add('people', { name: 'Gone', active: 0 });
    await kit.add('people', { name: 'To hire', people_type_id: 3 });
    // Ann: Friday off, so four days of 6 + 3 hours; on a day of 8 hours that is one too many.
    await kit.add('allocations', { project_id: site, people_id: id['ann'], ...week, hours: 6 });
    await kit.add('allocations', { project_id: internal, people_id: id['ann'], ...week, hours: 3 });
    await kit.add('timeoffs', {
      timeoff_type_id: type,
      people_ids: [id['ann']],
      start_date: '2026-11-27',
      end_date: '2026-11-27',
      full_day: 1,
    } as never);
    // Bob: confirmed by itself, but its project is tentative.
    await kit.add('allocations', { project_id: pitch, people_id: id['bob'], ...week, hours: 2, status: 2 });
    const monday = { date: '2026-11-23' };
    await kit.add('logged-time', { people_id: id['ann'], project_id: site, ...monday, hours: 7.5 });
    await kit.add('logged-time', { people_id: id['ann'], project_id: internal, ...monday, hours: 1.25 });
  });
  afterAll(() => kit.close());

  test('hours and per cents', async () => {
    const found = await ask(kit, { range: 'this week' });
    expect(found.groups).toEqual([
      {
        id: id['ann'],
        name: 'Ann',
        people: 1,
        capacity: 32,
        scheduled: 36,
        billable: 24,
        non_billable: 12,
        unscheduled: 0,
        overtime: 4,
        time_off: 8,
        tentative: 0,
        logged: 8.75,
        logged_billable: 7.5,
        logged_overtime: 0.75,
        percent: {
          scheduled: 112.5,
          billable: 75,
          logged: 27.3,
          logged_billable: 23.4,
          billable_of_scheduled: 66.7,
          billable_of_logged: 85.7,
        },
      },
      {
        id: id['bob'],
        name: 'Bob',
        people: 1,
        capacity: 16,
        scheduled: 0,
        billable: 0,
        non_billable: 0,
        unscheduled: 16,
        overtime: 0,
        time_off: 0,
        tentative: 8,
        logged: 0,
        logged_billable: 0,
        logged_overtime: 0,
        percent: { scheduled: 0, billable: 0, logged: 0, logged_billable: 0 },
      },
    ]);
    expect(found.total).toMatchObject({ people: 2, capacity: 48, scheduled: 36, percent: { scheduled: 75 } });
  });

  test('tentative work counts when asked for; who has no department is still somewhere', async () => {
    const found = await ask(kit, { range: 'this week', include_tentative: true, group_by: 'department' });
    expect(found.groups.map(({ id: group, name, scheduled }) => [group, name, scheduled])).toEqual([
      [id['design'], 'Design', 36],
      [undefined, 'no department', 8],
    ]);
  });

  test('the text says the formula, the filters and what was read', async () => {
    const text = textOf(await kit.call('show-utilization', { range: 'this week', department: 'Design' }));
    expect(text).toBe(
      [
        '1 person, Mon 2026-11-23 to Sun 2026-11-29: scheduled 36 (112.5 %), 24 billable; logged 8.75 (27.3 %); ' +
          'capacity 32; unscheduled 0; overtime 4; time off 8 h.',
        `- Ann (id ${id['ann']}): scheduled 36 (112.5 %), 24 billable; logged 8.75 (27.3 %); capacity 32; ` +
          'unscheduled 0; overtime 4; time off 8 h',
        'Formula: scheduled % = scheduled hours / capacity; capacity = working hours less confirmed leave and holidays.',
        'Filters: active people; no placeholders; department Design; tentative work not counted. ' +
          'Read 3 people, 3 allocations, 1 time-off records, 0 holidays. Read 2 time entries.',
      ].join('\n'),
    );
  });

  test.each([
    [{ department: 'Desing' }, 'The nearest are: Design'],
    [{ range: 'someday' }, '"someday" is not a date range I know'],
    [{ group_by: 'team' }, 'group_by'],
  ])('%j is refused in words', async (args, message) => {
    const result = await kit.call('show-utilization', args);
    expect([result.isError, textOf(result)]).toEqual([true, expect.stringContaining(message)]);
  });

  test('with time tracking off nothing is said of logged time, least of all 0', async () => {
    kit.sandbox.settings.timeTracking = false;
    const args = { range: 'this week', data_set: 'logged', periods: 'week' };
    const found = await ask(kit, args);
    const text = textOf(await kit.call('show-utilization', args));
    kit.sandbox.settings.timeTracking = true;
    expect(JSON.stringify([found.total, found.groups, found.periods])).not.toContain('logged');
    expect(text).toContain('time tracking is off');
    expect(text).not.toMatch(/logged 0|logged %/);
    expect(found.formula).toMatch(/^scheduled % = /);
  });
});
