import type { Day, DayRange } from './day.js';
import type { Allocation, Person, Plan, Work } from './types.js';
import { isTentative } from './work.js';
import { tidyHours, workload } from './workload.js';

/** A day on which somebody has more work than hours. */
export interface OvertimeDay<A extends Allocation = Allocation> {
  readonly person: Person;
  readonly day: Day;
  readonly capacity: number;
  /** Confirmed work, and how much of it is too much. */
  readonly confirmedHours: number;
  readonly confirmedOvertime: number;
  /** Drafts and tentative work, and how much would come on top if all of it were confirmed. */
  readonly tentativeHours: number;
  readonly tentativeOvertime: number;
  /** The allocations of that day, those with most hours first. */
  readonly causes: readonly Work<A>[];
}

/** Every person-day with overtime, confirmed or tentative, in the order of people and days. */
export function overtimeDays<A extends Allocation>(plan: Plan<A>, range: DayRange): OvertimeDay<A>[] {
  const confirmed = workload(plan, range, { includeTentative: false });
  const everything = workload(plan, range, { includeTentative: true });
  return everything.flatMap(({ person, days }, row) =>
    days.flatMap((all, column) => {
      const sure = confirmed[row]?.days[column];
      if (sure === undefined || all.overtime === 0) return [];
      return [
        {
          person,
          day: all.day,
          capacity: all.capacity,
          confirmedHours: sure.scheduled,
          confirmedOvertime: sure.overtime,
          tentativeHours: tidyHours(all.scheduled - sure.scheduled),
          tentativeOvertime: tidyHours(all.overtime - sure.overtime),
          causes: all.work.toSorted(
            (a, b) => b.hours - a.hours || Number(isTentative(a.allocation)) - Number(isTentative(b.allocation)),
          ),
        },
      ];
    }),
  );
}
