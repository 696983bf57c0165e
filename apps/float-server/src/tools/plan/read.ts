import type { Allocation, Query, RecordOf, ResourceKey } from 'float-api';
import { type DayRange, earlier, later, type Plan } from 'resource-planning';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import type { ToolCall } from '../tool.js';
import { parentStatus } from './parent-status.js';
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

/** A plan with the records its answers refer to. */
export interface ReadPlan extends Plan<Booking> {
  readonly leave: readonly TypedLeave[];
  readonly people: readonly Member[];
  /** Number of records of each kind that were read. */
  readonly recordsRead: RecordsRead;
}

/** Number of records behind an answer, by kind. */
export interface RecordsRead {
  people: number;
  allocations: number;
  time_off: number;
  public_holidays: number;
  team_holidays: number;
}

/** Selects the people a plan contains. */
export interface ReadOptions {
  /** Also role placeholders, which Float lists only on request. */
  readonly placeholders: boolean;
  /** Also archived people, for days in the past. @default false */
  readonly archived?: boolean;
}

const ACTIVE = { active: 1 } as const;

/** Reads all records that determine capacity and work in a range. Archived people have none in the future. */
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
  const parents = parentStatus(projects, phases);
  const leave = records.filter(isLeave);
  const people = [...listed, ...roles];
  return {
    people: people.map(memberOf),
    allocations: allocations.map((record) => bookingOf(record, parents)),
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

/**
 * The query for holidays: the range, extended to whole allocations. Work that covers nothing but days off was scheduled
 * there on purpose, which only all of its days show.
 */
export function wholeBlocks(records: readonly Allocation[], { from, to }: DayRange): Query {
  return {
    start_date: records.map(({ start_date: start }) => start).reduce(earlier, from),
    end_date: records.map(({ end_date: end }) => end).reduce(later, to),
  };
}

/**
 * Reads whole lists in parallel and reports progress as each arrives.
 *
 * @param lists number of lists that will be read
 */
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
