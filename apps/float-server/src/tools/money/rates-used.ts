/** The rates behind an amount. */
import { type TimeEntry, textOf } from 'resource-planning';
import * as z from 'zod';
import { sumHours } from '../plan/format.js';
import { MONEY } from './amount.js';
import type { Ledger } from './ledger.js';

/** Output schema of a rate, with the hours it applies to. */
export const RATE_USED = z.object({
  person_id: z.number().optional(),
  person: z.string(),
  hours: z.number(),
  rate: MONEY.optional().describe('absent: no rate is set anywhere, so these hours are in no amount'),
  level: z
    .enum(['phase-team', 'phase', 'project-team', 'project', 'person', 'role'])
    .optional()
    .describe('where the rate is set'),
});
/** A rate in an answer, with the hours it applies to. */
export type RateUsed = z.output<typeof RATE_USED>;

/** Name of the row for work without a person. */
export const UNASSIGNED = 'unassigned';

/** One row per person and rate, the most hours first. */
export function ratesUsed(
  rateOf: Ledger['rateOf'],
  entries: readonly TimeEntry[],
  nameOf: (personId: number) => string,
): RateUsed[] {
  const rows = new Map<string, { row: RateUsed; hours: number[] }>();
  for (const entry of entries) {
    const row = rowOf(rateOf, entry, nameOf);
    const key = `${row.person_id} ${row.rate} ${row.level}`;
    const known = rows.get(key) ?? { row, hours: [] };
    known.hours.push(entry.hours);
    rows.set(key, known);
  }
  return [...rows.values()]
    .map(({ row, hours }) => ({ ...row, hours: sumHours(hours) }))
    .sort((a, b) => b.hours - a.hours || a.person.localeCompare(b.person));
}

function rowOf(rateOf: Ledger['rateOf'], entry: TimeEntry, nameOf: (personId: number) => string): RateUsed {
  const { personId } = entry;
  const found = rateOf(entry);
  const who = personId === undefined ? { person: UNASSIGNED } : { person_id: personId, person: nameOf(personId) };
  const rate =
    found === undefined ? {} : { rate: textOf(found.rate, Math.max(2, found.rate.scale)), level: found.level };
  return { ...who, hours: 0, ...rate };
}
