/** The effect of a change on the plan, shown before anything is written. */
import { type Allocation, type ChangedDay, changedDays, type DayRange, type Plan, roundHours } from 'resource-planning';
import * as z from 'zod';
import { dayText, hoursText, sumHours } from '../plan/format.js';

/** Output schema of the effect on one day. */
export const EFFECT = z.object({
  day: z.string(),
  scheduled_before: z.number(),
  scheduled_after: z.number(),
  capacity: z.number(),
  overtime_added: z.number(),
});
/** The effect of a change on one day. */
export type Effect = z.output<typeof EFFECT>;

/** Filter text of every preview. */
export const EFFECT_FILTER = 'tentative work counts as booked';

/** The changed days of each person. Tentative work counts, because it would compete for the same hours. */
export function effectOn(
  before: Plan<Allocation>,
  allocations: readonly Allocation[],
  range: DayRange,
): ReadonlyMap<number, Effect[]> {
  const after = { ...before, allocations };
  const rows = new Map<number, Effect[]>(before.people.map(({ id }) => [id, []]));
  for (const changed of changedDays(before, after, range, { includeTentative: true })) {
    rows.get(changed.person.id)?.push(effectRow(changed));
  }
  return rows;
}

function effectRow({ before, after }: ChangedDay): Effect {
  return {
    day: after.day,
    scheduled_before: before.scheduled,
    scheduled_after: after.scheduled,
    capacity: after.capacity,
    overtime_added: roundHours(after.overtime - before.overtime),
  };
}

/** The overtime that a change adds. */
export function overtimeAdded(rows: readonly Effect[]): number {
  return sumHours(rows.map(({ overtime_added: added }) => added));
}

/** The scheduled hours that a change adds. */
export function hoursAdded(rows: readonly Effect[]): number {
  return sumHours(rows.map((row) => row.scheduled_after - row.scheduled_before));
}

/** Overbooked days that the text lists. */
const MAX_DAYS_IN_TEXT = 10;

/** A sentence about the days that a change overbooks. */
export function overtimeText(name: string, rows: readonly Effect[]): string {
  const full = rows.filter(({ overtime_added: added }) => added > 0);
  if (full.length === 0) return `No overbooking: ${name} has room on each day.`;
  const days = full.slice(0, MAX_DAYS_IN_TEXT).map((row) => {
    return `${dayText(row.day)} ${hoursText(row.scheduled_after)} of ${hoursText(row.capacity)} h`;
  });
  const more = full.length > days.length ? `, and ${full.length - days.length} more days` : '';
  return `Overbooks ${name} by ${hoursText(overtimeAdded(full))} h: ${days.join(', ')}${more}.`;
}
