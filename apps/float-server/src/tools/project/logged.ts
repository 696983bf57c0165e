import { FloatApiError } from '../../float/errors.js';
import type { Query } from '../../float/query.js';
import type { LoggedTime } from '../../float/resources.js';
import type { TimeEntry } from '../../planning/projects/time-entry.js';
import type { ToolCall } from '../tool.js';

/** What is said where nothing can be known of logged time. */
export const TIME_TRACKING_OFF = 'time tracking is off in this account';

/** Logged time; `undefined` where the account has no time tracking, which is not the same as nothing logged. */
export async function readLogged(call: ToolCall, query: Query): Promise<readonly TimeEntry[] | undefined> {
  try {
    return (await call.api.listAll('logged-time', query, call)).map(loggedOf);
  } catch (error) {
    if (error instanceof FloatApiError && error.code === 'feature-off') return undefined;
    throw error;
  }
}

/** Whether it is billable is Float's own answer: from the project, the phase or the project task. */
export function loggedOf(record: LoggedTime): TimeEntry {
  return {
    day: record.date,
    personId: record.people_id ?? undefined,
    projectId: record.project_id,
    phaseId: record.phase_id || undefined,
    taskId: record.task_meta_id ?? undefined,
    hours: record.hours,
    billable: record.billable === 1,
  };
}
