import type { Day, DayRange } from './day.js';
import { percentOf } from './percent.js';
import type { Allocation, Person, PersonDay, Plan } from './types.js';
import { isTentative } from './work.js';
import { roundHours, type WorkloadOptions, workload } from './workload.js';

/** The hours of Float's people report. */
export interface Utilisation {
  /** Working hours less confirmed time off and holidays. */
  readonly capacity: number;
  readonly scheduled: number;
  readonly billable: number;
  readonly nonBillable: number;
  /** Capacity not scheduled yet, summed by day: overtime on one day does not reduce it on another. */
  readonly unscheduled: number;
  readonly overtime: number;
  readonly timeOff: number;
  /** Draft and tentative work: part of `scheduled` if that includes it, otherwise separate. */
  readonly tentative: number;
  readonly logged: number;
  readonly loggedBillable: number;
  /** Logged hours beyond capacity. Unlike scheduled work, logged time does not turn a holiday into a working day. */
  readonly loggedOvertime: number;
}

/** Percentages with one decimal; undefined if the base is 0. */
export interface UtilisationPercent {
  /** Shares of capacity. */
  readonly scheduled?: number | undefined;
  readonly logged?: number | undefined;
  readonly billable?: number | undefined;
  readonly loggedBillable?: number | undefined;
  /** Share of scheduled hours, as in older texts of Float's help. */
  readonly billableOfScheduled?: number | undefined;
  readonly billableOfLogged?: number | undefined;
}

/** Utilisation of one person. */
export interface PersonUtilisation extends Utilisation {
  readonly person: Person;
}

/** Logged hours of one day. */
export interface LoggedHours {
  readonly personId?: number | undefined;
  readonly day: Day;
  readonly hours: number;
  readonly billable: boolean;
}

interface BillableWork extends Allocation {
  readonly billable: boolean;
}

const NOTHING: Utilisation = {
  capacity: 0,
  scheduled: 0,
  billable: 0,
  nonBillable: 0,
  unscheduled: 0,
  overtime: 0,
  timeOff: 0,
  tentative: 0,
  logged: 0,
  loggedBillable: 0,
  loggedOvertime: 0,
};

/** One row per person of the plan. Logged hours of other people or outside the range are ignored. */
export function utilisation<A extends BillableWork>(
  plan: Plan<A>,
  range: DayRange,
  logged: readonly LoggedHours[],
  options: WorkloadOptions,
): PersonUtilisation[] {
  const everything = workload(plan, range, { includeTentative: true });
  const byPersonDay = new Map<string, LoggedHours[]>();
  for (const entry of logged) {
    const key = `${entry.personId} ${entry.day}`;
    byPersonDay.set(key, [...(byPersonDay.get(key) ?? []), entry]);
  }
  return workload(plan, range, options).map(({ person, days }, row) => ({
    person,
    ...sumUtilisation(
      days.map((day, column) => {
        const tentative = tentativeHours(everything[row]?.days[column]);
        return dayUtilisation(day, tentative, byPersonDay.get(`${person.id} ${day.day}`) ?? []);
      }),
    ),
  }));
}

/** The sum of several rows, such as those of a team. */
export function sumUtilisation(rows: readonly Utilisation[]): Utilisation {
  const sums: Record<keyof Utilisation, number> = { ...NOTHING };
  const keys = Object.keys(NOTHING) as (keyof Utilisation)[];
  for (const row of rows) for (const key of keys) sums[key] = roundHours(sums[key] + row[key]);
  return sums;
}

/** The percentages of a row. */
export function utilisationPercent(hours: Utilisation): UtilisationPercent {
  return {
    scheduled: percentOf(hours.scheduled, hours.capacity),
    logged: percentOf(hours.logged, hours.capacity),
    billable: percentOf(hours.billable, hours.capacity),
    loggedBillable: percentOf(hours.loggedBillable, hours.capacity),
    billableOfScheduled: percentOf(hours.billable, hours.scheduled),
    billableOfLogged: percentOf(hours.loggedBillable, hours.logged),
  };
}

function dayUtilisation(day: PersonDay<BillableWork>, tentative: number, entries: readonly LoggedHours[]): Utilisation {
  const billable = sumHours(day.work.filter(({ allocation }) => allocation.billable));
  const logged = sumHours(entries);
  return {
    capacity: day.capacity,
    scheduled: day.scheduled,
    billable,
    nonBillable: roundHours(day.scheduled - billable),
    unscheduled: day.free,
    overtime: day.overtime,
    timeOff: day.timeOff,
    tentative,
    logged,
    loggedBillable: sumHours(entries.filter((entry) => entry.billable)),
    loggedOvertime: roundHours(Math.max(0, logged - day.capacity)),
  };
}

function tentativeHours(day: PersonDay | undefined): number {
  return sumHours((day?.work ?? []).filter(({ allocation }) => isTentative(allocation)));
}

function sumHours(all: readonly { readonly hours: number }[]): number {
  return roundHours(all.reduce((sum, { hours }) => sum + hours, 0));
}
