/** What a change of the plan would do, as the writing jobs show it before anything is written. */
import * as z from 'zod';
import { type ChangedDay, changedDays } from '../../planning/changes/difference.js';
import type { DayRange } from '../../planning/day.js';
import type { Allocation, Plan } from '../../planning/types.js';
import { tidyHours } from '../../planning/workload.js';
import { dayText, hoursText, sumHours } from '../plan/words.js';

export const EFFECT = z.object({
  day: z.string(),
  scheduled_before: z.number(),
  scheduled_after: z.number(),
  capacity: z.number(),
  overtime_added: z.number(),
});
export type Effect = z.output<typeof EFFECT>;

export const EFFECT_FILTER = 'tentative work counts as booked';

/** The changed days of each person. Tentative work counts: who books beside it wants to see it. */
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
    overtime_added: tidyHours(after.overtime - before.overtime),
  };
}

export function overtimeAdded(rows: readonly Effect[]): number {
  return sumHours(rows.map(({ overtime_added: added }) => added));
}

export function hoursAdded(rows: readonly Effect[]): number {
  return sumHours(rows.map((row) => row.scheduled_after - row.scheduled_before));
}

/** Days that get too full are worth naming; the others are what was asked for. */
const MAX_DAYS_IN_TEXT = 10;

export function overtimeText(name: string, rows: readonly Effect[]): string {
  const full = rows.filter(({ overtime_added: added }) => added > 0);
  if (full.length === 0) return `Nobody is overbooked by it: ${name} has room on each day.`;
  const days = full.slice(0, MAX_DAYS_IN_TEXT).map((row) => {
    return `${dayText(row.day)} ${hoursText(row.scheduled_after)} of ${hoursText(row.capacity)} h`;
  });
  const more = full.length > days.length ? `, and ${full.length - days.length} more days` : '';
  return `Overbooks ${name} by ${hoursText(overtimeAdded(full))} h: ${days.join(', ')}${more}.`;
}
