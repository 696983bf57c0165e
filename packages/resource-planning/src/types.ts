/** The types of a plan. Sources of plans map their records to these. */
import type { Day, DayRange } from './day.js';
import type { Block } from './recurrence.js';

/** Hours from Sunday to Saturday. */
export type WeekHours = readonly [number, number, number, number, number, number, number];

/** A version of working hours. */
export interface HoursVersion {
  /** Valid from this day until the next version. */
  readonly from: Day;
  readonly hours: WeekHours;
}

/** A person who can be planned. */
export interface Person {
  readonly id: number;
  readonly name: string;
  /** At least one version, the earliest first. The first also covers the days before it. */
  readonly hours: readonly HoursVersion[];
  readonly employedFrom?: Day | undefined;
  readonly employedTo?: Day | undefined;
  /** Region whose public holidays apply. */
  readonly region?: number | undefined;
}

/** Status of an allocation. */
export type AllocationStatus = 'draft' | 'tentative' | 'confirmed' | 'complete' | 'cancelled';

/** Work of people over a block of days. */
export interface Allocation extends Block {
  readonly id: number;
  /** Each person works the full hours. */
  readonly personIds: readonly number[];
  readonly hoursPerDay: number;
  readonly status: AllocationStatus;
}

/** Leave of people. Declined leave must not be part of a plan. */
export interface Leave extends Block {
  readonly personIds: readonly number[];
  /** Undefined for the whole day. */
  readonly hoursPerDay?: number | undefined;
  readonly confirmed: boolean;
}

/** A holiday. */
export interface Holiday extends DayRange {
  readonly name: string;
  /** Undefined for holidays of the whole team. */
  readonly region?: number | undefined;
}

/** People with their work, leave and holidays. */
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
  /** Hours that confirmed leave takes; 0 on days off. */
  readonly timeOff: number;
  readonly scheduled: number;
  readonly free: number;
  readonly overtime: number;
  readonly work: readonly Work<A>[];
}
