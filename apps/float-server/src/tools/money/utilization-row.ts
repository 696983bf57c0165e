/** The hours of Float's people report as a row of an answer. */
import { sumUtilisation, type Utilisation, utilisationPercent } from 'resource-planning';
import * as z from 'zod';

const PERCENT = z.number().optional();

const HOURS = {
  capacity: z.number().describe('working hours less confirmed leave and holidays'),
  scheduled: z.number(),
  billable: z.number(),
  non_billable: z.number(),
  unscheduled: z.number(),
  overtime: z.number(),
  time_off: z.number(),
  tentative: z.number().describe('tentative and draft work; part of scheduled only when that includes it'),
  logged: z.number().optional().describe('absent, like all of logged time, where it cannot be read'),
  logged_billable: z.number().optional(),
  logged_overtime: z.number().optional(),
};

const SHARES = z
  .object({
    scheduled: PERCENT,
    billable: PERCENT,
    logged: PERCENT,
    logged_billable: PERCENT,
    billable_of_scheduled: PERCENT,
    billable_of_logged: PERCENT,
  })
  .describe('of capacity, unless it says of what; absent where there is nothing to be a share of');

/** Output schema of utilization hours and percentages. */
export const UTILIZATION = { ...HOURS, percent: SHARES };
const UTILIZATION_ROW = z.object(UTILIZATION);
/** Utilization hours and percentages. */
export type UtilizationRow = z.output<typeof UTILIZATION_ROW>;

/**
 * Sums up utilization for an answer.
 *
 * @param withLogged false if logged time cannot be read, which differs from 0 hours
 */
export function utilizationRow(rows: readonly Utilisation[], withLogged: boolean): UtilizationRow {
  const sum = sumUtilisation(rows);
  const logged = withLogged
    ? { logged: sum.logged, logged_billable: sum.loggedBillable, logged_overtime: sum.loggedOvertime }
    : {};
  return {
    capacity: sum.capacity,
    scheduled: sum.scheduled,
    billable: sum.billable,
    non_billable: sum.nonBillable,
    unscheduled: sum.unscheduled,
    overtime: sum.overtime,
    time_off: sum.timeOff,
    tentative: sum.tentative,
    ...logged,
    percent: sharesOf(sum, withLogged),
  };
}

function sharesOf(sum: Utilisation, withLogged: boolean): UtilizationRow['percent'] {
  const percent = utilisationPercent(sum);
  const shares = [
    ['scheduled', percent.scheduled],
    ['billable', percent.billable],
    ...(withLogged ? [['logged', percent.logged] as const, ['logged_billable', percent.loggedBillable] as const] : []),
    ['billable_of_scheduled', percent.billableOfScheduled],
    ...(withLogged ? [['billable_of_logged', percent.billableOfLogged] as const] : []),
  ] as const;
  return Object.fromEntries(shares.filter(([, share]) => share !== undefined));
}
