import type { DayRange, Holiday } from 'resource-planning';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import type { ToolCall } from '../tool.js';
import {
  isLeave,
  type Member,
  memberOf,
  publicHolidaysOf,
  type TypedLeave,
  teamHolidayOf,
  typedLeave,
} from './records.js';

/** People, leave and holidays of a range. */
export interface AbsencePlan {
  readonly people: readonly Member[];
  readonly leave: readonly TypedLeave[];
  readonly holidays: readonly Holiday[];
  readonly recordsRead: { people: number; time_off: number; public_holidays: number; team_holidays: number };
}

/** Reads everything that makes people absent in a range; like `readPlan` without work. */
export async function readAbsences(call: ToolCall, range: DayRange, placeholders: boolean): Promise<AbsencePlan> {
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
    leave: timeoffs.filter(isLeave).map(typedLeave),
    holidays: [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)],
    recordsRead: {
      people: people.length,
      time_off: timeoffs.length,
      public_holidays: publicHolidays.length,
      team_holidays: teamHolidays.length,
    },
  };
}
