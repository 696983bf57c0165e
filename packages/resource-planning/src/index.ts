/** Arithmetic of resource planning. */
export { type AbsenceDay, absenceDays } from './absence.js';
export { earliestFit, type Fit, soonerFit } from './availability.js';
export { type Calendar, calendarOf, normalHours } from './calendar.js';
export { type Amount, type Booking, type BookingPart, bookingFor } from './changes/booking.js';
export { type ChangedDay, changedDays } from './changes/difference.js';
export { splitBlock, splitReach } from './changes/split.js';
export { type ClashDay, clashes } from './clash.js';
export {
  addDays,
  type Day,
  type DayRange,
  daysFrom,
  eachDay,
  earlier,
  isDay,
  later,
  mondayOf,
  overlap,
  weekday,
} from './day.js';
export { type DayPlan, dayPlans, type Place } from './day-plan.js';
export { type Demand, type DemandLine, demandByWeek, demandInTotal, type Supply, type WeekOfDemand } from './demand.js';
export { PlanningError } from './errors.js';
export { hoursHistory } from './hours-history.js';
export { type BillRate, billRateOf, type TeamMember } from './money/bill-rate.js';
export { type CostSources, costRateOn, type RateVersion } from './money/cost-rate.js';
export {
  compare,
  type Decimal,
  decimalOf,
  moneyOf,
  numberOf,
  plus,
  round,
  sumOf,
  textOf,
  times,
  ZERO,
} from './money/decimal.js';
export { type OvertimeDay, overtimeDays } from './overtime.js';
export { periodsOf } from './periods.js';
export { isBillable } from './projects/billable.js';
export { type Budget, type BudgetKind, type BudgetPart, budgetOf, usesBudget } from './projects/budget.js';
export {
  type BudgetStanding,
  type RateOf,
  standingByPart,
  standingOf,
  type Use,
  type Uses,
  usesOf,
} from './projects/budget-use.js';
export { burnByWeek, burnOf, endOfPlan, pacePerWeek, runOutAtPace, runOutOf } from './projects/burn.js';
export { type DataSet, entriesOf, type PlannedAndLogged } from './projects/data-set.js';
export { dayOfTimestamp, lastDayOf, type ProjectSpan, projectSpan } from './projects/dates.js';
export { type DueItem, dueIn } from './projects/due.js';
export { costsOf, type Expense, expenseCosts, expenseFees, feesOf, marginOf, type Priced } from './projects/fees.js';
export { type Risk, risksOf } from './projects/risk.js';
export { effectiveStatus } from './projects/status.js';
export { projectTeam, type TeamRow } from './projects/team.js';
export { type ProjectWork, type ScheduledTime, scheduledTime, type TimeEntry } from './projects/time-entry.js';
export { type MissingDay, missingDays, type Variance, varianceBy } from './projects/variance.js';
export { parseRange, RANGE_EXAMPLES } from './range.js';
export { lacksYear } from './range-phrases.js';
export { type Block, occupiedDays, stepOfCode } from './recurrence.js';
export type { Allocation, AllocationStatus, Holiday, HoursVersion, Leave, Person, Plan, WeekHours } from './types.js';
export {
  type PersonUtilisation,
  sumUtilisation,
  type Utilisation,
  utilisation,
  utilisationPercent,
} from './utilisation.js';
export { workDays } from './work.js';
export { type PersonWorkload, roundHours, workload } from './workload.js';
