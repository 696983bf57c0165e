/** What the plan is made of, in our own words. Whoever reads a plan from somewhere maps it to these. */
import type { Day, DayRange } from './day.js';
import type { Block } from './recurrence.js';

/** Hours from Sunday to Saturday. */
export type WeekHours = readonly [number, number, number, number, number, number, number];

export interface HoursVersion {
  /** In force from this day until the next version. */
  readonly from: Day;
  readonly hours: WeekHours;
}

export interface Person {
  readonly id: number;
  readonly name: string;
  /** At least one, the earliest first. The first one also covers the days before it. */
  readonly hours: readonly HoursVersion[];
  readonly employedFrom?: Day | undefined;
  readonly employedTo?: Day | undefined;
  /** Whose public holidays this person has. */
  readonly region?: number | undefined;
}

export type AllocationStatus = 'draft' | 'tentative' | 'confirmed' | 'complete' | 'cancelled';

export interface Allocation extends Block {
  readonly id: number;
  /** Each of them works the full hours. */
  readonly personIds: readonly number[];
  readonly hoursPerDay: number;
  readonly status: AllocationStatus;
}

/** Leave that was declined is no leave: it does not belong in a plan. */
export interface Leave extends Block {
  readonly personIds: readonly number[];
  /** `undefined` takes the whole day. */
  readonly hoursPerDay?: number | undefined;
  readonly confirmed: boolean;
}

export interface Holiday extends DayRange {
  readonly name: string;
  /** `undefined` is a holiday of the whole team. */
  readonly region?: number | undefined;
}

export interface Plan<A extends Allocation = Allocation> {
  readonly people: readonly Person[];
  readonly allocations: readonly A[];
  readonly leave: readonly Leave[];
  readonly holidays: readonly Holiday[];
}

/** One allocation on one day of one person. */
export interface Work<A extends Allocation = Allocation> {
  readonly allocation: A;
  readonly hours: number;
}

/** One day of one person. `free + scheduled - overtime = capacity` always holds. */
export interface PersonDay<A extends Allocation = Allocation> {
  readonly day: Day;
  readonly capacity: number;
  /** Hours that confirmed leave takes from the day: none on a day that is off anyway. */
  readonly timeOff: number;
  readonly scheduled: number;
  readonly free: number;
  readonly overtime: number;
  readonly work: readonly Work<A>[];
}
