/** Maps stored rows to the types of `resource-planning`, so that the sandbox and the tools compute by the same rules. */
import {
  type Allocation,
  type AllocationStatus,
  type DayRange,
  type Holiday,
  type HoursVersion,
  type Leave,
  later,
  type Person,
  type Plan,
  stepOfCode,
  type WeekHours,
} from 'resource-planning';
import { assigneesOf } from '../model/task-days.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';

/** An allocation with its row. */
export interface Booking extends Allocation {
  readonly row: Row;
}
/** A person with its row. */
export interface Worker extends Person {
  readonly row: Row;
}
/** A plan with the rows behind it. */
export interface StoredPlan extends Plan<Booking> {
  readonly people: readonly Worker[];
}

/** Statuses of allocations by code. */
const STATUSES: readonly AllocationStatus[] = ['draft', 'tentative', 'confirmed', 'complete', 'cancelled'];
const CONFIRMED = 2;

/** Reads the plan of a range. */
export function storedPlan(world: World, range: DayRange): StoredPlan {
  const begun = [{ sql: 'start_date <= ?', values: [range.to] }];
  return {
    people: world.store.select('people').map(workerOf),
    allocations: world.store.select('allocations', { where: begun }).map(bookingOf),
    leave: world.store.select('timeoffs', { where: begun }).map(leaveOf),
    holidays: [
      ...world.store.select('holidays').map(teamHolidayOf),
      ...world.store.select('public-holidays').flatMap(publicHolidaysOf),
    ],
  };
}

function workerOf(row: Row): Worker {
  const history = Object.entries((row['work_days_hours_history'] ?? {}) as Record<string, WeekHours>);
  const versions = history.map(([from, hours]): HoursVersion => ({ from, hours }));
  return {
    row,
    id: Number(row['people_id']),
    name: String(row['name']),
    hours: versions.sort((a, b) => (a.from < b.from ? -1 : 1)),
    employedFrom: textOf(row['start_date']),
    employedTo: textOf(row['end_date']),
    region: typeof row['region_id'] === 'number' ? row['region_id'] : undefined,
  };
}

function bookingOf(row: Row): Booking {
  return {
    row,
    id: Number(row['task_id']),
    personIds: assigneesOf(row),
    hoursPerDay: Number(row['hours']),
    status: STATUSES[Number(row['status'])] ?? 'confirmed',
    ...blockOf(row, 'repeat_end_date'),
  };
}

function leaveOf(row: Row): Leave {
  return {
    personIds: assigneesOf(row),
    hoursPerDay: row['full_day'] === 1 ? undefined : Number(row['hours']),
    confirmed: row['status'] === CONFIRMED,
    ...blockOf(row, 'repeat_end'),
  };
}

function blockOf(row: Row, until: string) {
  return {
    from: String(row['start_date']),
    to: String(row['end_date']),
    repeat: stepOfCode(Number(row['repeat_state'])),
    repeatUntil: textOf(row[until]),
  };
}

function teamHolidayOf(row: Row): Holiday {
  const from = String(row['date']);
  return { name: String(row['name']), from, to: later(from, textOf(row['end_date']) ?? from) };
}

function publicHolidaysOf(row: Row): Holiday[] {
  const days = Array.isArray(row['dates']) ? row['dates'] : [];
  return days.map((day) => ({ name: String(row['name']), from: day, to: day, region: Number(row['region']) }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
