import { contains, type Day, type DayRange, weekday } from './day.js';
import { hoursOfLeave, leaveByDay } from './leave-days.js';
import type { Holiday, Leave, Person } from './types.js';

/** What is known about the days of one person before anything is planned. */
export interface Calendar {
  /** Hours by contract: 0 on days off and outside employment. Holidays and leave are not taken off. */
  normalHours(day: Day): number;
  holiday(day: Day): Holiday | undefined;
  /** Hours of confirmed leave. `Infinity` on a day that is wholly off. */
  leaveHours(day: Day): number;
}

/** `leaveHours` answers for the days of `range` only; the rest for every day. */
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

/** The same person without any leave: what would be worked if nobody were away. */
export function withoutLeave(calendar: Calendar): Calendar {
  return { ...calendar, leaveHours: () => 0 };
}

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
