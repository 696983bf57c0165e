import type { Query } from '../../float/client.js';
import type { RecordOf, ResourceKey } from '../../float/resources.js';
import type { DayRange } from '../../planning/day.js';
import type { Plan } from '../../planning/types.js';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import type { ToolCall } from '../tool.js';
import { type Booking, bookingOf, leaveOf, type Member, memberOf, publicHolidaysOf, teamHolidayOf } from './records.js';

export interface ReadPlan extends Plan<Booking> {
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
}

const ACTIVE = { active: 1 } as const;

/** Everything that decides who has time in the range. Archived people have none, so they are not even read. */
export async function readPlan(call: ToolCall, range: DayRange, options: ReadOptions): Promise<ReadPlan> {
  const dates = { start_date: range.from, end_date: range.to };
  const read = reader(call, options.placeholders ? 6 : 5);
  const [listed, roles, allocations, leave, publicHolidays, teamHolidays] = await Promise.all([
    read('people', ACTIVE),
    options.placeholders ? read('people', { ...ACTIVE, ...ROLE_PLACEHOLDERS }) : [],
    read('allocations', dates),
    read('timeoffs', dates),
    read('public-holidays', dates),
    read('holidays', {}),
  ]);
  const people = [...listed, ...roles];
  return {
    people: people.map(memberOf),
    allocations: allocations.map(bookingOf),
    leave: leave.map(leaveOf),
    holidays: [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)],
    recordsRead: {
      people: people.length,
      allocations: allocations.length,
      time_off: leave.length,
      public_holidays: publicHolidays.length,
      team_holidays: teamHolidays.length,
    },
  };
}

/** Reads whole lists side by side and says so as each one is there. */
function reader(
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
