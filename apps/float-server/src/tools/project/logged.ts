import { FloatApiError, type LoggedTime, type Query } from 'float-api';
import type { TimeEntry } from 'resource-planning';
import { ToolProblem } from '../problem.js';
import type { ToolCall } from '../tool.js';

/** Filter text where time entries cannot be read. Float answers both causes with the same 403. */
export const TIME_TRACKING_OFF = 'time tracking is off in this account, or the key has no right to it';

/** A time entry with its lock. */
export interface LoggedEntry extends TimeEntry {
  /** Whether its timesheet is closed, so that it cannot be changed. */
  readonly locked: boolean;
}

/** Reads time entries. Undefined if the account has no time tracking, which differs from nothing logged. */
export async function readLogged(call: ToolCall, query: Query): Promise<readonly LoggedEntry[] | undefined> {
  try {
    return (await call.api.listAll('logged-time', query, call)).map(loggedOf);
  } catch (error) {
    if (error instanceof FloatApiError && error.code === 'feature-off') return undefined;
    throw error;
  }
}

/**
 * Time entries for answers that need them.
 *
 * @param instead advice for the caller where there are none
 * @throws ToolProblem if time entries cannot be read
 */
export function requireLogged<E extends TimeEntry>(logged: readonly E[] | undefined, instead: string): readonly E[] {
  if (logged !== undefined) return logged;
  throw new ToolProblem('bad-argument', `Logged time cannot be read: ${TIME_TRACKING_OFF}. ${instead}`);
}

/** `billable` is Float's own value, derived from project, phase and task; missing, it is Float's default. */
function loggedOf(record: LoggedTime): LoggedEntry {
  return {
    day: record.date,
    personId: record.people_id ?? undefined,
    projectId: record.project_id,
    phaseId: record.phase_id || undefined,
    taskId: record.task_meta_id ?? undefined,
    hours: record.hours,
    billable: record.billable !== 0,
    locked: record.locked === 1,
  };
}
