import { createRecord } from '../model/records.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import type { Calendar } from './calendar.js';
import { publicHolidays } from './holidays.js';
import { FIRST_IDS, IDS } from './ids.js';
import { ALLOCATIONS, type AllocationRow, LEAVE, LEAVE_TYPES, type LeaveRow, PLACES } from './schedule.js';
import { REGIONS } from './team.js';

const FRIDAY = 4;
const WEDNESDAY = 2;
const TENTATIVE = 1;
const CONFIRMED = 2;

/** Creates allocations, leave, places of work and holidays. */
export function seedSchedule(world: World, calendar: Calendar): void {
  for (const [index, row] of ALLOCATIONS.entries())
    addAllocation(world, calendar, { id: FIRST_IDS.allocations + index, row });
  for (const [key, [timeoff_type_name, color, active]] of Object.entries(LEAVE_TYPES)) {
    const id = IDS.leaveTypes[key as keyof typeof LEAVE_TYPES];
    createRecord(world, 'timeoff-types', { id, timeoff_type_name, color, active: active ? 1 : 0 });
  }
  for (const [index, row] of LEAVE.entries()) addLeave(world, calendar, { id: FIRST_IDS.timeoffs + index, row });
  addPlaces(world, calendar);
  addHolidays(world, calendar);
}

function addAllocation(world: World, calendar: Calendar, { id, row }: { id: number; row: AllocationRow }): void {
  const [who, project, name, from, to, hours, extra = {}] = row;
  const [first, last] = extra.days ?? [0, FRIDAY];
  const body: Row = {
    project_id: IDS.projects[project],
    phase_id: extra.phase === undefined ? 0 : IDS.phases[extra.phase],
    name,
    start_date: calendar.day(from, first),
    end_date: calendar.day(to, last),
    hours,
    status: extra.status ?? CONFIRMED,
    notes: extra.notes ?? null,
    ...(typeof who === 'string' ? { people_id: IDS.people[who] } : { people_ids: who.map((key) => IDS.people[key]) }),
  };
  const [repeat_state, until] = extra.repeat ?? [0];
  const repeat_end_date = until === undefined ? null : calendar.day(until, FRIDAY);
  createRecord(world, 'allocations', { id, ...body, repeat_state, repeat_end_date });
}

function addLeave(world: World, calendar: Calendar, { id, row }: { id: number; row: LeaveRow }): void {
  const [people, type, first, last, extra = {}] = row;
  createRecord(world, 'timeoffs', {
    id,
    timeoff_type_id: IDS.leaveTypes[type],
    people_ids: people.map((key) => IDS.people[key]),
    start_date: calendar.day(...first),
    end_date: calendar.day(...last),
    full_day: extra.hours === undefined ? 1 : 0,
    hours: extra.hours ?? null,
    status: extra.tentative ? TENTATIVE : CONFIRMED,
    timeoff_notes: extra.notes ?? null,
    repeat_state: extra.repeat?.[0] ?? 0,
    repeat_end: extra.repeat === undefined ? null : calendar.day(extra.repeat[1], FRIDAY),
  });
}

function addPlaces(world: World, calendar: Calendar): void {
  for (const [index, [person, type, week, [first, last], name]] of PLACES.entries()) {
    createRecord(world, 'statuses', {
      id: FIRST_IDS.statuses + index,
      status_type_id: type,
      people_id: IDS.people[person],
      status_name: name ?? null,
      start_date: calendar.day(week, first),
      end_date: calendar.day(week, last),
    });
  }
}

/**
 * Holidays of the last, current and next year, so that ranges over New Year are complete; and one in the near future.
 */
function addHolidays(world: World, calendar: Calendar): void {
  const year = Number(world.today.slice(0, 4));
  const soon = { name: 'Regionaler Feiertag', region: 'de', dates: [calendar.day(2, WEDNESDAY)] } as const;
  const rows = [...[year - 1, year, year + 1].flatMap(publicHolidays), soon];
  for (const [index, { name, region, dates }] of rows.entries()) {
    createRecord(world, 'public-holidays', {
      id: FIRST_IDS['public-holidays'] + index,
      name,
      region: REGIONS[region],
      dates,
    });
  }
  createRecord(world, 'holidays', { id: FIRST_IDS.holidays, name: 'Studio day', date: calendar.day(3, FRIDAY) });
}
