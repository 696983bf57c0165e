import type { Query } from '../../float/client.js';
import type { Allocation, RecordOf, ResourceKey } from '../../float/resources.js';
import { type DayRange, earlier, later } from '../../planning/day.js';
import type { Plan } from '../../planning/types.js';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import type { ToolCall } from '../tool.js';
import { workAbove } from './above.js';
import {
  type Booking,
  bookingOf,
  isLeave,
  type Member,
  memberOf,
  publicHolidaysOf,
  type TypedLeave,
  teamHolidayOf,
  typedLeave,
} from './records.js';

export interface ReadPlan extends Plan<Booking> {
  readonly leave: readonly TypedLeave[];
  readonly people: readonly Member[];
  /** How many records of each kind the answer rests on. */
  readonly recordsRead: RecordsRead;
}

export interface RecordsRead {
  people: number;
  allocations: number;
  time_off: number;
  public_holidays: number;
  team_holidays: number;
}

export interface ReadOptions {
  /** Also the placeholders for a role, which Float lists only when asked. */
  readonly placeholders: boolean;
  /** Also people who are archived by now, for days that are over. @default false */
  readonly archived?: boolean;
}

const ACTIVE = { active: 1 } as const;

/** Everything that decides who has time in the range. Archived people have none in days to come, and are read for history. */
export async function readPlan(call: ToolCall, range: DayRange, options: ReadOptions): Promise<ReadPlan> {
  const dates = { start_date: range.from, end_date: range.to };
  const read = reader(call, options.placeholders ? 8 : 7);
  const work = read('allocations', dates);
  const [listed, roles, allocations, records, publicHolidays, teamHolidays, projects, phases] = await Promise.all([
    read('people', options.archived === true ? {} : ACTIVE),
    options.placeholders ? read('people', { ...ACTIVE, ...ROLE_PLACEHOLDERS }) : [],
    work,
    read('timeoffs', dates),
    work.then((records) => read('public-holidays', wholeBlocks(records, range))),
    read('holidays', {}),
    read('projects', {}),
    read('phases', {}),
  ]);
  const above = workAbove(projects, phases);
  const leave = records.filter(isLeave);
  const people = [...listed, ...roles];
  return {
    people: people.map(memberOf),
    allocations: allocations.map((record) => bookingOf(record, above)),
    leave: leave.map(typedLeave),
    holidays: [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)],
    recordsRead: {
      people: people.length,
      allocations: allocations.length,
      time_off: records.length,
      public_holidays: publicHolidays.length,
      team_holidays: teamHolidays.length,
    },
  };
}

/** Work that covers nothing but days off was put there on purpose, which only all of its days show. */
export function wholeBlocks(records: readonly Allocation[], { from, to }: DayRange): Query {
  return {
    start_date: records.map(({ start_date: start }) => start).reduce(earlier, from),
    end_date: records.map(({ end_date: end }) => end).reduce(later, to),
  };
}

/** Reads whole lists side by side and says so as each one is there. */
export function reader(
  call: ToolCall,
  lists: number,
): <K extends ResourceKey>(key: K, query: Query) => Promise<readonly RecordOf<K>[]> {
  let done = 0;
  return async (key, query) => {
    const records = await call.api.listAll(key, query, call);
    done += 1;
    await call.progress(done, lists, `Read ${records.length} ${key}`);
    return records;
  };
}
