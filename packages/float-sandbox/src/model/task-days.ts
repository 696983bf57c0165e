/** Working dates of allocations: their occurrences without weekends, holidays and absence. */
import { type DayRange, isDay, occupiedDays, stepOfCode, weekday } from 'resource-planning';
import { equal, holds, type Row } from '../store/store.js';
import type { World } from '../world.js';

const CONFIRMED = 2;

/** The working dates of an allocation. Undefined without a range: Float requires both dates for `expand=task_days`. */
export function taskDays(world: World, row: Row, query: Readonly<Record<string, string>>): string[] | undefined {
  const { start_date: from, end_date: to, people_id: only } = query;
  if (from === undefined || to === undefined || !isDay(from) || !isDay(to)) return undefined;
  const people = only === undefined ? assigneesOf(row) : [Number(only)];
  const works = availabilityOf(world, query);
  return occurrenceDays(row, { from, to }).filter((day) => works(people, day));
}

type Availability = (people: readonly number[], day: string) => boolean;

/** Availability by request, whose query object is the key: one request asks for the same people and days repeatedly. */
const answered = new WeakMap<object, Map<string, boolean>>();

function availabilityOf(world: World, request: object): Availability {
  const known = answered.get(request) ?? new Map<string, boolean>();
  answered.set(request, known);
  return (people, day) => {
    const key = `${day} ${people.join()}`;
    const works = known.get(key) ?? isWorked(world, people, day);
    known.set(key, works);
    return works;
  };
}

/** Ids of the people on an allocation. */
export function assigneesOf(row: Row): number[] {
  if (Array.isArray(row['people_ids'])) return row['people_ids'];
  return typeof row['people_id'] === 'number' ? [row['people_id']] : [];
}

/** Every day of the block and its repetitions within the range, weekends included. */
export function occurrenceDays(row: Row, range: DayRange): string[] {
  const { start_date: from, end_date: to, repeat_state: code, repeat_end_date: until } = row;
  const repeat = stepOfCode(Number(code ?? 0));
  const repeatUntil = typeof until === 'string' ? until : undefined;
  return occupiedDays({ from: String(from), to: String(to), repeat, repeatUntil }, range);
}

/** A date counts if any of the people is available. Unassigned work takes place Monday to Friday. */
function isWorked(world: World, people: readonly number[], day: string): boolean {
  if (isTeamHoliday(world, day)) return false;
  if (people.length === 0) return weekday(day) >= 1 && weekday(day) <= 5;
  return people.some((id) => {
    const person = world.store.find('people', id);
    return (
      person !== undefined && worksOn(person, day) && !isPublicHoliday(world, person, day) && !isAway(world, id, day)
    );
  });
}

function worksOn(person: Row, day: string): boolean {
  const week = weekOn(person, day);
  const starts = person['start_date'];
  const ends = person['end_date'];
  const employed = (typeof starts !== 'string' || starts <= day) && (typeof ends !== 'string' || ends >= day);
  return employed && Number(week[weekday(day)] ?? 0) > 0;
}

/** The working hours on a day; the first version also covers earlier days. */
function weekOn(person: Row, day: string): readonly unknown[] {
  const history = Object.entries((person['work_days_hours_history'] ?? {}) as Record<string, unknown>);
  const versions = history.sort(([a], [b]) => (a < b ? -1 : 1));
  const [, week] = versions.findLast(([from]) => from <= day) ?? versions[0] ?? [];
  return Array.isArray(week) ? week : [];
}

function isTeamHoliday(world: World, day: string): boolean {
  return (
    world.store.count('holidays', [{ sql: 'date <= ? AND coalesce(end_date, date) >= ?', values: [day, day] }]) > 0
  );
}

function isPublicHoliday(world: World, person: Row, day: string): boolean {
  const region = person['region_id'];
  if (typeof region !== 'number') return false;
  return world.store.count('public-holidays', [equal('region', region), holds('dates', day)]) > 0;
}

function isAway(world: World, person: number, day: string): boolean {
  const where = [
    holds('people_ids', person),
    equal('full_day', 1),
    equal('status', CONFIRMED),
    { sql: 'start_date <= ? AND (end_date >= ? OR repeat_state > 0)', values: [day, day] },
  ];
  const leave = world.store.select('timeoffs', { where });
  return leave.some((row) => {
    const series = { ...row, repeat_end_date: row['repeat_end'] };
    return occurrenceDays(series, { from: day, to: day }).length > 0;
  });
}
