import { FloatApiError } from '../../float/errors.js';
import type { Query } from '../../float/query.js';
import type { LoggedTime } from '../../float/resources.js';
import type { TimeEntry } from '../../planning/projects/time-entry.js';
import { ToolProblem } from '../problem.js';
import type { ToolCall } from '../tool.js';

/** What is said where nothing can be known of logged time. Float answers both with the same 403. */
export const TIME_TRACKING_OFF = 'time tracking is off in this account, or the key has no right to it';

export interface LoggedEntry extends TimeEntry {
  /** Its timesheet is closed: it cannot be changed. */
  readonly locked: boolean;
}

/** Logged time; `undefined` where the account has no time tracking, which is not the same as nothing logged. */
export async function readLogged(call: ToolCall, query: Query): Promise<readonly LoggedEntry[] | undefined> {
  try {
    return (await call.api.listAll('logged-time', query, call)).map(loggedOf);
  } catch (error) {
    if (error instanceof FloatApiError && error.code === 'feature-off') return undefined;
    throw error;
  }
}

/**
 * For answers that are about logged time.
 *
 * @param instead what to ask for where there is none to be had
 * @throws ToolProblem where there is none to be had
 */
export function neededLogged<E extends TimeEntry>(logged: readonly E[] | undefined, instead: string): readonly E[] {
  if (logged !== undefined) return logged;
  throw new ToolProblem('bad-argument', `Logged time cannot be asked for: ${TIME_TRACKING_OFF}. ${instead}`);
}

/** Whether it is billable is Float's own answer, from the project, the phase or the project task; without one, its default. */
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
