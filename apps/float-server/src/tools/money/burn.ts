/** The rate at which a budget is used, and the day on which it runs out. */
import {
  addDays,
  burnByWeek,
  burnOf,
  compare,
  type DataSet,
  type Day,
  type DayRange,
  type Decimal,
  endOfPlan,
  mondayOf,
  pacePerWeek,
  runOutAtPace,
  runOutOf,
  standingOf,
  type Use,
  ZERO,
} from 'resource-planning';
import * as z from 'zod';
import { AMOUNT, amountOf, type Unit } from './amount.js';

/** Weeks that make up the pace. The current week is left out: being incomplete, it would lower the pace. */
export const PACE_WEEKS = 4;

/** Output schema of the burn of a budget. */
export const BURN = {
  spent: AMOUNT.describe('used before today'),
  committed: AMOUNT.describe('used from today on'),
  weeks: z
    .array(z.object({ from: z.string(), to: z.string(), used: AMOUNT }))
    .describe('calendar weeks from Monday, with expenses'),
  pace_per_week: AMOUNT.describe(`mean of the last ${PACE_WEEKS} whole weeks, work only`),
  used_up_on: z.string().optional().describe('day whose work takes the last of the budget'),
  exceeded_on: z.string().optional().describe('first day with work that the budget does not cover'),
  at_pace_used_up_on: z
    .string()
    .optional()
    .describe('where the plan ends before the budget: when it would be used up, if work then went on at the pace'),
};
const BURN_ROW = z.object(BURN);
/** The burn of a budget in an answer. */
export type Burn = z.output<typeof BURN_ROW>;

/** The data a burn is computed from. */
export interface BurnFacts {
  readonly unit: Unit;
  readonly total: Decimal | undefined;
  /** Uses by work only. */
  readonly work: readonly Use[];
  /** Uses by work and expenses. */
  readonly uses: readonly Use[];
  readonly basis: DataSet;
  readonly today: Day;
  /** Number of calendar weeks to list. */
  readonly weeks: number;
  /** A finished project has no forecast. */
  readonly finished: boolean;
}

/** Computes the burn of a budget. */
export function burnRow(facts: BurnFacts): Burn {
  const { unit, total, work, uses, today } = facts;
  const { spent, committed } = burnOf(uses, today);
  const pace = pacePerWeek(work, paceRange(today));
  const { usedUpOn, exceededOn } = runOutOf(total, uses);
  const atPace = guessAtPace(facts, pace);
  const guess = atPace === undefined || (usedUpOn !== undefined && usedUpOn <= atPace) ? undefined : atPace;
  const weeks = facts.weeks === 0 ? [] : burnByWeek(uses, weekRange(facts));
  return {
    spent: amountOf(unit, spent),
    committed: amountOf(unit, committed),
    weeks: weeks.map(({ from, to, used }) => ({ from, to, used: amountOf(unit, used) })),
    pace_per_week: amountOf(unit, pace),
    ...(usedUpOn === undefined ? {} : { used_up_on: usedUpOn }),
    ...(exceededOn === undefined ? {} : { exceeded_on: exceededOn }),
    ...(guess === undefined ? {} : { at_pace_used_up_on: guess }),
  };
}

/** Forecasts the end of the budget: work continues at the pace from the day on which its plan ends. */
function guessAtPace({ total, uses, today, finished }: BurnFacts, pace: Decimal): Day | undefined {
  const end = endOfPlan(uses, pace, today);
  const { remaining = ZERO } = standingOf(
    total,
    uses.filter(({ day }) => day < end),
  );
  return finished || compare(remaining, ZERO) <= 0 ? undefined : runOutAtPace(remaining, pace, end);
}

function paceRange(today: Day): DayRange {
  const monday = mondayOf(today);
  return { from: addDays(monday, -7 * PACE_WEEKS), to: addDays(monday, -1) };
}

/** Half of the weeks are in the past; for logged time all but the current one. */
function weekRange({ weeks, basis, today }: BurnFacts): DayRange {
  const behind = basis === 'logged' ? weeks - 1 : Math.floor(weeks / 2);
  const from = addDays(mondayOf(today), -7 * behind);
  return { from, to: addDays(from, 7 * weeks - 1) };
}
