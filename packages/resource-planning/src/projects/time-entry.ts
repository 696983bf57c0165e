import type { Day, DayRange } from '../day.js';
import { DEFAULT_WEEK } from '../hours-history.js';
import type { Allocation, Person, Plan, WeekHours } from '../types.js';
import { isTentative } from '../work.js';
import { type PersonWorkload, workload } from '../workload.js';

/** Planned or logged hours of one day on one project; the unit of all sums about projects. */
export interface TimeEntry {
  readonly day: Day;
  /** Undefined for unassigned work. */
  readonly personId?: number | undefined;
  readonly projectId: number;
  readonly phaseId?: number | undefined;
  readonly taskId?: number | undefined;
  readonly hours: number;
  readonly billable: boolean;
}

/** An allocation with its project, phase and task. */
export interface ProjectWork extends Allocation {
  readonly projectId: number;
  readonly phaseId?: number | undefined;
  readonly taskId?: number | undefined;
  readonly billable: boolean;
}

/** Planned hours of one day. */
export interface ScheduledTime extends TimeEntry {
  readonly allocationId: number;
  readonly tentative: boolean;
}

/** Options of `scheduledTime`. */
export interface ScheduledOptions {
  readonly includeTentative: boolean;
  /** The account's week, used for unassigned work. @default DEFAULT_WEEK */
  readonly accountWeek?: WeekHours | undefined;
}

/**
 * The planned hours of a range, one entry per allocation, person and day. Each person of an allocation works its full
 * hours. Unassigned work counts once, on the working days of the account. People missing from the plan add nothing, so
 * it must contain all who were ever booked, archived people and placeholders included.
 */
export function scheduledTime<A extends ProjectWork>(
  plan: Plan<A>,
  range: DayRange,
  options: ScheduledOptions,
): ScheduledTime[] {
  const unassignedPerson: Person = {
    id: 0,
    name: '',
    hours: [{ from: '1970-01-01', hours: options.accountWeek ?? DEFAULT_WEEK }],
  };
  const unassigned = plan.allocations
    .filter(({ personIds }) => personIds.length === 0)
    .map((allocation) => ({ ...allocation, personIds: [unassignedPerson.id] }));
  const open = { people: [unassignedPerson], allocations: unassigned, leave: [], holidays: plan.holidays };
  return [
    ...workload(plan, range, options).flatMap((row) => entriesOf(row, row.person.id)),
    ...workload(open, range, options).flatMap((row) => entriesOf(row, undefined)),
  ];
}

function entriesOf({ days }: PersonWorkload<ProjectWork>, personId: number | undefined): ScheduledTime[] {
  return days.flatMap(({ day, work }) =>
    work.map(({ allocation, hours }) => ({
      day,
      personId,
      projectId: allocation.projectId,
      phaseId: allocation.phaseId,
      taskId: allocation.taskId,
      hours,
      billable: allocation.billable,
      allocationId: allocation.id,
      tentative: isTentative(allocation),
    })),
  );
}
