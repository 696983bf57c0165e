import { type Day, earlier, later } from '../day.js';
import { tidyHours } from '../workload.js';
import type { ScheduledTime } from './time-entry.js';

export interface TeamRow {
  /** Absent for work that nobody is assigned to. */
  readonly personId?: number | undefined;
  readonly confirmedHours: number;
  readonly tentativeHours: number;
  /** First and last day with work in the range; absent for members of the team without any. */
  readonly first?: Day | undefined;
  readonly last?: Day | undefined;
  readonly inTeam: boolean;
}

/** Who works on a project: everybody with hours, those with most first, then members of its team who have none. */
export function projectTeam(entries: readonly ScheduledTime[], team: readonly number[]): TeamRow[] {
  const members = new Set(team);
  const rows = new Map<number | undefined, TeamRow>();
  for (const entry of entries) {
    const { personId } = entry;
    const before = rows.get(personId) ?? emptyRow(personId, personId !== undefined && members.has(personId));
    rows.set(personId, withEntry(before, entry));
  }
  for (const personId of members) if (!rows.has(personId)) rows.set(personId, emptyRow(personId, true));
  const hours = (row: TeamRow) => row.confirmedHours + row.tentativeHours;
  return [...rows.values()].sort((a, b) => hours(b) - hours(a) || (a.personId ?? 0) - (b.personId ?? 0));
}

function emptyRow(personId: number | undefined, inTeam: boolean): TeamRow {
  return { personId, confirmedHours: 0, tentativeHours: 0, inTeam };
}

function withEntry(row: TeamRow, { day, hours, tentative }: ScheduledTime): TeamRow {
  return {
    ...row,
    confirmedHours: tidyHours(row.confirmedHours + (tentative ? 0 : hours)),
    tentativeHours: tidyHours(row.tentativeHours + (tentative ? hours : 0)),
    first: earlier(row.first ?? day, day),
    last: later(row.last ?? day, day),
  };
}
