import type { Day, DayRange } from './day.js';
import type { Allocation, Person, Plan, Work } from './types.js';
import { isTentative } from './work.js';
import { roundHours, workload } from './workload.js';

/** A day on which a person has more work than capacity. */
export interface OvertimeDay<A extends Allocation = Allocation> {
  readonly person: Person;
  readonly day: Day;
  readonly capacity: number;
  /** Confirmed work, and the part of it beyond capacity. */
  readonly confirmedHours: number;
  readonly confirmedOvertime: number;
  /** Draft and tentative work, and the additional overtime if all of it were confirmed. */
  readonly tentativeHours: number;
  readonly tentativeOvertime: number;
  /** The allocations of the day, the most hours first. */
  readonly causes: readonly Work<A>[];
}

/** Every person-day with overtime, confirmed or tentative, ordered by person and day. */
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
          tentativeHours: roundHours(all.scheduled - sure.scheduled),
          tentativeOvertime: roundHours(all.overtime - sure.overtime),
          causes: all.work.toSorted(
            (a, b) => b.hours - a.hours || Number(isTentative(a.allocation)) - Number(isTentative(b.allocation)),
          ),
        },
      ];
    }),
  );
}
