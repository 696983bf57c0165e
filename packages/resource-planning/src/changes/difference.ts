import type { DayRange } from '../day.js';
import type { Allocation, Person, PersonDay, Plan } from '../types.js';
import { type WorkloadOptions, workload } from '../workload.js';

/** A day that differs between two plans. */
export interface ChangedDay<A extends Allocation = Allocation> {
  readonly person: Person;
  readonly before: PersonDay<A>;
  readonly after: PersonDay<A>;
}

/** The days on which hours of work or capacity differ between two plans. */
export function changedDays<A extends Allocation>(
  before: Plan<A>,
  after: Plan<A>,
  range: DayRange,
  options: WorkloadOptions,
): ChangedDay<A>[] {
  const later = new Map(workload(after, range, options).map(({ person, days }) => [person.id, days]));
  return workload(before, range, options).flatMap(({ person, days }) =>
    days.flatMap((day, index) => {
      const now = later.get(person.id)?.[index];
      if (now === undefined || (now.scheduled === day.scheduled && now.capacity === day.capacity)) return [];
      return [{ person, before: day, after: now }];
    }),
  );
}
