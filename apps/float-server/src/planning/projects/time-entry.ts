import type { Day, DayRange } from '../day.js';
import { DEFAULT_WEEK } from '../hours-history.js';
import type { Allocation, Person, Plan, WeekHours } from '../types.js';
import { isTentative } from '../work.js';
import { type PersonWorkload, workload } from '../workload.js';

/** Hours of one day on one project, planned or logged: what every sum about projects is made of. */
export interface TimeEntry {
  readonly day: Day;
  /** Absent for planned work that nobody is assigned to. */
  readonly personId?: number | undefined;
  readonly projectId: number;
  readonly phaseId?: number | undefined;
  readonly taskId?: number | undefined;
  readonly hours: number;
  readonly billable: boolean;
}

/** An allocation with its place in a project. */
export interface ProjectWork extends Allocation {
  readonly projectId: number;
  readonly phaseId?: number | undefined;
  readonly taskId?: number | undefined;
  readonly billable: boolean;
}

export interface ScheduledTime extends TimeEntry {
  readonly allocationId: number;
  readonly tentative: boolean;
}

export interface ScheduledOptions {
  readonly includeTentative: boolean;
  /** The week of the account, by which work without a person takes place. */
  readonly accountWeek?: WeekHours | undefined;
}

/**
 * The planned hours of the range, one entry for each allocation, person and day. Each person of an allocation works its
 * full hours. Work without a person counts once, on the working days of the account. Somebody the plan does not know
 * adds nothing, so it needs everybody who was ever booked, archived people and placeholders included.
 */
export function scheduledTime<A extends ProjectWork>(
  plan: Plan<A>,
  range: DayRange,
  options: ScheduledOptions,
): ScheduledTime[] {
  const nobody: Person = {
    id: 0,
    name: '',
    hours: [{ from: '1970-01-01', hours: options.accountWeek ?? DEFAULT_WEEK }],
  };
  const unassigned = plan.allocations
    .filter(({ personIds }) => personIds.length === 0)
    .map((allocation) => ({ ...allocation, personIds: [nobody.id] }));
  const open = { people: [nobody], allocations: unassigned, leave: [], holidays: plan.holidays };
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
