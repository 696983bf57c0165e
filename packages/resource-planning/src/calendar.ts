import { contains, type Day, type DayRange, weekday } from './day.js';
import { hoursOfLeave, leaveByDay } from './leave-days.js';
import type { Holiday, Leave, Person } from './types.js';

/** The days of one person before any work is planned. */
export interface Calendar {
  /** Contractual hours: 0 on days off and outside employment. Holidays and leave are not deducted. */
  normalHours(day: Day): number;
  holiday(day: Day): Holiday | undefined;
  /** Hours of confirmed leave; `Infinity` for a full day. */
  leaveHours(day: Day): number;
}

/** Builds a calendar. `leaveHours` is valid within `range` only, the other methods on every day. */
export function calendarOf(
  person: Person,
  world: { holidays: readonly Holiday[]; leave: readonly Leave[] },
  range: DayRange,
): Calendar {
  const holidays = world.holidays.filter((holiday) => holiday.region === undefined || holiday.region === person.region);
  const leave = confirmedLeave(person.id, world.leave, range);
  return {
    normalHours: (day) => normalHours(person, day),
    holiday: (day) => holidays.find((holiday) => contains(holiday, day)),
    leaveHours: (day) => leave.get(day) ?? 0,
  };
}

/** The same calendar without leave. */
export function withoutLeave(calendar: Calendar): Calendar {
  return { ...calendar, leaveHours: () => 0 };
}

/** Contractual hours of a person on a day; 0 on days off and outside employment. */
export function normalHours(person: Person, day: Day): number {
  if (person.employedFrom !== undefined && day < person.employedFrom) return 0;
  if (person.employedTo !== undefined && day > person.employedTo) return 0;
  const version = person.hours.findLast(({ from }) => from <= day) ?? person.hours[0];
  return version?.hours[weekday(day)] ?? 0;
}

function confirmedLeave(personId: number, all: readonly Leave[], range: DayRange): Map<Day, number> {
  const confirmed = all.filter((leave) => leave.confirmed);
  return new Map([...leaveByDay(personId, confirmed, range)].map(([day, leave]) => [day, hoursOfLeave(leave)]));
}
