/**
 * Test oracle for hours: computes those of the seeded agency independently, from whole tables, day by day with `Date`,
 * repetition by repetition. Uses nothing of `resource-planning`.
 */
import type { Allocation, LoggedTime, Person, PublicHoliday, TeamHoliday, TimeOff } from 'float-api';
import type { Kit } from './kit.js';

const MONTHS: Record<number, number> = { 2: 1, 6: 2, 7: 3, 8: 6, 9: 12 };
const WEEKS: Record<number, number> = { 1: 1, 3: 2, 4: 3, 5: 6 };
const CONFIRMED_LEAVE = 2;
/** Statuses that count: all but cancelled. */
const COUNTED = [0, 1, 2, 3];

/** All records that hours depend on. */
export interface Records {
  readonly people: readonly Person[];
  readonly allocations: readonly Allocation[];
  readonly timeoffs: readonly TimeOff[];
  readonly team: readonly TeamHoliday[];
  readonly holidays: readonly PublicHoliday[];
  readonly logged: readonly LoggedTime[];
}

/** Reads the records of a kit. */
export async function readWorld({ api }: Pick<Kit, 'api'>): Promise<Records> {
  return {
    people: await api.listAll('people'),
    allocations: await api.listAll('allocations'),
    timeoffs: await api.listAll('timeoffs'),
    team: await api.listAll('holidays'),
    holidays: await api.listAll('public-holidays', { start_date: '2020-01-01', end_date: '2030-12-31' }),
    logged: await api.listAll('logged-time'),
  };
}

/** Statuses of firm work: confirmed and complete. */
const FIRM = [2, 3];

/** The same records with firm work only. Work is as firm as the least firm of itself, its phase and its project. */
export async function firmWorld(world: Records, { api }: Pick<Kit, 'api'>): Promise<Records> {
  const projects = new Map((await api.listAll('projects')).map((one) => [one.project_id, one.status]));
  const phases = new Map((await api.listAll('phases')).map((one) => [one.phase_id, one.status]));
  const isFirm = (status: number | undefined) => status === undefined || FIRM.includes(status);
  const allocations = world.allocations.filter(
    ({ status, project_id: project, phase_id: phase }) =>
      isFirm(status) && isFirm(projects.get(project)) && isFirm(phase ? phases.get(phase) : undefined),
  );
  return { ...world, allocations };
}

/** Hours of work that leave of these statuses displaces, summed over the range. */
export function clashHours(
  world: Records,
  person: Person,
  range: readonly [string, string],
  statuses: readonly number[],
): number {
  const leave = leaveOf(world, person, range[1], [...statuses]);
  // Computed without time off, because leave would remove the very work that clashes.
  const cells = cellsOf({ ...world, timeoffs: [] }, person, range);
  const hours = cells.map(({ day, scheduled }) => {
    const away = leave.get(day);
    if (away === undefined || scheduled === 0) return 0;
    const normal = contractHours(person, day);
    const room = away.full ? 0 : Math.max(0, normal - away.hours);
    return Math.max(0, scheduled - room) - (away.full ? 0 : Math.max(0, scheduled - normal));
  });
  return sum(hours);
}

/** Takes free hours day by day until they suffice. */
export function earliestDays(
  cells: readonly Cell[],
  hours: number,
  most = 24,
): { day: string; hours: number }[] | undefined {
  const taken: { day: string; hours: number }[] = [];
  let left = hours;
  for (const { day, free } of cells) {
    const here = Math.min(free, most, left);
    if (here > 0) taken.push({ day, hours: sum([here]) });
    left = sum([left, -Math.max(0, here)]);
    if (left <= 0) return taken;
  }
  return undefined;
}

/** People who are active and no placeholders. */
export const realPeople = ({ people }: Records) => people.filter((one) => one.active === 1 && one.people_type_id < 3);
/** Rounds to two decimals. */
export const round = (hours: number) => Math.round(hours * 100) / 100;
/** The sum, rounded to two decimals. */
export const sum = (numbers: readonly number[]) => round(numbers.reduce((all, one) => all + one, 0));

const iso = (date: Date) => date.toISOString().slice(0, 10);
const utc = (day: string) => new Date(`${day}T12:00:00Z`);

/** The date a number of days later. */
export function plusDays(day: string, days: number): string {
  const date = utc(day);
  date.setUTCDate(date.getUTCDate() + days);
  return iso(date);
}

/** All dates of a range. */
export function daysOf(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = plusDays(day, 1)) days.push(day);
  return days;
}

interface Series {
  readonly start_date: string;
  readonly end_date: string;
  readonly repeat_state: number;
}

/** The blocks of a series up to a day. */
export function blocks(series: Series, until: string | null | undefined, last: string): string[][] {
  const length = daysOf(series.start_date, series.end_date).length - 1;
  const found = [daysOf(series.start_date, series.end_date)];
  for (let count = 1; series.repeat_state > 0; count += 1) {
    const begin = nthStart(series, count);
    if (begin > last || (until && begin > until)) break;
    found.push(daysOf(begin, plusDays(begin, length)).filter((day) => !until || day <= until));
  }
  return found;
}

function nthStart({ start_date: start, repeat_state: code }: Series, count: number): string {
  if (WEEKS[code]) return plusDays(start, 7 * WEEKS[code] * count);
  const [year, month, day] = start.split('-').map(Number) as [number, number, number];
  const lastDay = new Date(Date.UTC(year, month + MONTHS[code]! * count, 0)).getUTCDate();
  return iso(new Date(Date.UTC(year, month - 1 + MONTHS[code]! * count, Math.min(day, lastDay))));
}

/** Working hours of a person on a day, by the history of working hours. */
export function contractHours(person: Person, day: string): number {
  if ((person.start_date && day < person.start_date) || (person.end_date && day > person.end_date)) return 0;
  const history = (person.work_days_hours_history ?? {}) as Record<string, number[]>;
  const key = Object.keys(history)
    .filter((from) => from <= day)
    .sort()
    .at(-1);
  const week = (key === undefined ? person.work_days_hours : history[key]) ?? [0, 8, 8, 8, 8, 8, 0];
  return week[utc(day).getUTCDay()] ?? 0;
}

/** Whether a day is a holiday of the person. */
export function isHoliday({ team, holidays }: Records, person: Person, day: string): boolean {
  return (
    team.some(({ date, end_date: end }) => date <= day && day <= (end ?? date)) ||
    holidays.some(({ region, dates }) => region === person.region_id && dates.includes(day))
  );
}

/** Leave of a person on a day. */
export interface Away {
  readonly full: boolean;
  readonly hours: number;
}

/** Leave of a person with the given statuses, by day. */
export function leaveOf(world: Records, person: Person, last: string, statuses = [CONFIRMED_LEAVE]): Map<string, Away> {
  const found = new Map<string, Away>();
  for (const leave of world.timeoffs) {
    if (!statuses.includes(leave.status) || !leave.people_ids.includes(person.people_id)) continue;
    for (const day of new Set(blocks(leave, leave.repeat_end, last).flat())) {
      const away = found.get(day) ?? { full: false, hours: 0 };
      found.set(day, leave.full_day ? { ...away, full: true } : { ...away, hours: away.hours + (leave.hours ?? 0) });
    }
  }
  return found;
}

/** Hours of a person on a day. */
export interface Cell {
  readonly day: string;
  readonly capacity: number;
  readonly scheduled: number;
  readonly free: number;
  readonly work: readonly { readonly id: number; readonly project: number; readonly hours: number }[];
}

/** Every day of a person in a range. By default all work but cancelled counts. */
export function cellsOf(
  world: Records,
  person: Person,
  [from, to]: readonly [string, string],
  statuses = COUNTED,
): Cell[] {
  const leave = leaveOf(world, person, to);
  const worksOn = (day: string) => contractHours(person, day) > 0 && !isHoliday(world, person, day);
  const own = world.allocations.filter(
    ({ status, people_id: one, people_ids: several }) =>
      statuses.includes(status) && (one === person.people_id || (several ?? []).includes(person.people_id)),
  );
  const work = own.map((allocation) => {
    const all = blocks(allocation, allocation.repeat_end_date, to);
    const offDays = !all[0]!.some((day) => contractHours(person, day) > 0);
    const taken = all.map((block, index) => {
      if (index === 0) return block.some(worksOn) ? block.filter(worksOn) : block;
      return block.filter((day) => (offDays ? !isHoliday(world, person, day) : worksOn(day)));
    });
    return {
      id: allocation.task_id,
      project: allocation.project_id,
      hours: allocation.hours,
      days: new Set(taken.flat()),
    };
  });
  return daysOf(from, to).map((day) => {
    const { full = false, hours: off = 0 } = leave.get(day) ?? {};
    const there = full ? [] : work.filter(({ days }) => days.has(day));
    const open = there.length > 0 || !isHoliday(world, person, day);
    const capacity = open && !full ? Math.max(0, contractHours(person, day) - off) : 0;
    const scheduled = there.reduce((total, { hours }) => total + hours, 0);
    return { day, capacity, scheduled, free: Math.max(0, capacity - scheduled), work: there };
  });
}
