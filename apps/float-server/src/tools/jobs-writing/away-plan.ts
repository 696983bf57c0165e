import type { TimeOff } from '../../float/resources.js';
import type { DayRange } from '../../planning/day.js';
import type { Holiday, Leave } from '../../planning/types.js';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import { leaveOf, type Member, memberOf, publicHolidaysOf, teamHolidayOf } from '../plan/records.js';
import type { ToolCall } from '../tool.js';

/** Time off with what the answers show of it. */
export interface TypedLeave extends Leave {
  readonly id: number;
  readonly typeId: number;
  readonly type: string;
}

export interface AwayPlan {
  readonly people: readonly Member[];
  readonly leave: readonly TypedLeave[];
  readonly holidays: readonly Holiday[];
  readonly recordsRead: { people: number; time_off: number; public_holidays: number; team_holidays: number };
}

/** Float's mark for leave that was declined, which is no leave. It documents 1 and 2 only. */
const DECLINED = 3;

/** Who may be away and why: all of a plan but the work. */
export async function readAway(call: ToolCall, range: DayRange, placeholders: boolean): Promise<AwayPlan> {
  const dates = { start_date: range.from, end_date: range.to };
  const [listed, roles, timeoffs, publicHolidays, teamHolidays] = await Promise.all([
    call.api.listAll('people', { active: 1 }, call),
    placeholders ? call.api.listAll('people', { active: 1, ...ROLE_PLACEHOLDERS }, call) : [],
    call.api.listAll('timeoffs', dates, call),
    call.api.listAll('public-holidays', dates, call),
    call.api.listAll('holidays', {}, call),
  ]);
  const people = [...listed, ...roles];
  return {
    people: people.map(memberOf),
    leave: timeoffs.filter(({ status }) => Number(status) !== DECLINED).map(typedLeave),
    holidays: [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)],
    recordsRead: {
      people: people.length,
      time_off: timeoffs.length,
      public_holidays: publicHolidays.length,
      team_holidays: teamHolidays.length,
    },
  };
}

export function typedLeave(record: TimeOff): TypedLeave {
  const { timeoff_id: id, timeoff_type_id: typeId, timeoff_type_name: type } = record;
  return { ...leaveOf(record), id, typeId, type: type ?? `type ${typeId}` };
}
