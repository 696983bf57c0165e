import { type Day, earlier, later } from '../day.js';
import { roundHours } from '../workload.js';
import type { ScheduledTime } from './time-entry.js';

/** The work of one person on a project. */
export interface TeamRow {
  /** Undefined for unassigned work. */
  readonly personId?: number | undefined;
  readonly confirmedHours: number;
  readonly tentativeHours: number;
  /** First and last day with work in the range; undefined for team members without any. */
  readonly first?: Day | undefined;
  readonly last?: Day | undefined;
  readonly inTeam: boolean;
}

/** The people on a project: those with hours, the most first, then team members without. */
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
    confirmedHours: roundHours(row.confirmedHours + (tentative ? 0 : hours)),
    tentativeHours: roundHours(row.tentativeHours + (tentative ? hours : 0)),
    first: earlier(row.first ?? day, day),
    last: later(row.last ?? day, day),
  };
}
