/**
 * Float's records in the words of planning/. The only place that knows both. Lists are taken as empty where an answer
 * lacks them: one odd record must not take the answer about everybody else with it.
 */
import type {
  Allocation as FloatAllocation,
  Person as FloatPerson,
  PublicHoliday,
  TeamHoliday,
  TimeOff,
} from '../../float/resources.js';
import { type Day, isDay } from '../../planning/day.js';
import { effectiveStatus } from '../../planning/projects/status.js';
import type { ProjectWork } from '../../planning/projects/time-entry.js';
import { stepOfCode } from '../../planning/recurrence.js';
import type { Holiday, HoursVersion, Leave, Person, WeekHours } from '../../planning/types.js';
import { billableAt, NOTHING_ABOVE, statusOf } from './above.js';

/** A person with what the answers show of one. */
export interface Member extends Person {
  readonly jobTitle: string | undefined;
  readonly roleId: number | undefined;
  readonly department: string | undefined;
  readonly departmentId: number | undefined;
  readonly tags: readonly string[];
  readonly placeholder: boolean;
  readonly archived: boolean;
}

/** An allocation with what the answers show of one. */
export interface Booking extends ProjectWork {
  readonly task: string | undefined;
}

/** Time off with what the answers show of it. */
export interface TypedLeave extends Leave {
  readonly id: number;
  readonly typeId: number;
  readonly type: string;
}

/** Float's own default for a person without hours. */
const EIGHT_HOURS: WeekHours = [0, 8, 8, 8, 8, 8, 0];
const ALWAYS: Day = '1970-01-01';
/** Types 3 and 4 are demand without a real person. */
const FIRST_PLACEHOLDER_TYPE = 3;

export function memberOf(record: FloatPerson): Member {
  return {
    id: record.people_id,
    name: record.name,
    hours: hoursOf(record),
    employedFrom: record.start_date ?? undefined,
    employedTo: record.end_date ?? undefined,
    region: record.region_id ?? undefined,
    jobTitle: record.job_title ?? undefined,
    roleId: record.role_id ?? undefined,
    department: record.department?.name ?? undefined,
    departmentId: record.department?.department_id,
    tags: (record.tags ?? []).map(({ name }) => name),
    placeholder: record.people_type_id >= FIRST_PLACEHOLDER_TYPE,
    archived: record.active === 0,
  };
}

/**
 * @param above absent: the status is the allocation's own. Also decides whether it is billable where Float's answer lacks
 * the mark, which it derives itself.
 */
export function bookingOf(record: FloatAllocation, above = NOTHING_ABOVE): Booking {
  const phaseId = record.phase_id || undefined;
  const phase = phaseId === undefined ? undefined : above.phases.get(phaseId);
  const place = { projectId: record.project_id, phaseId, taskId: record.task_meta_id ?? undefined };
  return {
    id: record.task_id,
    personIds: peopleOf(record),
    hoursPerDay: record.hours,
    status: effectiveStatus(statusOf(record.status), phase, above.projects.get(record.project_id)),
    from: record.start_date,
    to: record.end_date,
    repeat: stepOfCode(record.repeat_state),
    repeatUntil: record.repeat_end_date ?? undefined,
    ...place,
    billable:
      record.billable === undefined || record.billable === null ? billableAt(place, above) : record.billable === 1,
    task: record.name || undefined,
  };
}

/** Float's mark for leave that was declined, which is no leave. It documents 1 and 2 only. */
const DECLINED_LEAVE = 3;

export function isLeave({ status }: TimeOff): boolean {
  return (status as number) !== DECLINED_LEAVE;
}

export function leaveOf(record: TimeOff): Leave {
  return {
    personIds: record.people_ids ?? [],
    // Neither whole days nor hours: taken as whole days, because promising somebody who is away does more harm.
    hoursPerDay: record.full_day === 1 ? undefined : (record.hours ?? undefined),
    confirmed: record.status === CONFIRMED_LEAVE,
    from: record.start_date,
    to: record.end_date,
    repeat: stepOfCode(record.repeat_state),
    repeatUntil: record.repeat_end ?? undefined,
  };
}

export function typedLeave(record: TimeOff): TypedLeave {
  const { timeoff_id: id, timeoff_type_id: typeId, timeoff_type_name: type } = record;
  return { ...leaveOf(record), id, typeId, type: type ?? `type ${typeId}` };
}

export function teamHolidayOf(record: TeamHoliday): Holiday {
  return { name: record.name, from: record.date, to: record.end_date ?? record.date };
}

/** One record names all days of a holiday over the years. */
export function publicHolidaysOf(record: PublicHoliday): Holiday[] {
  return (record.dates ?? []).map((day) => ({ name: record.name, from: day, to: day, region: record.region }));
}

const CONFIRMED_LEAVE = 2;

/** An answer may carry both forms; the list is empty or missing when the work is for one person. */
function peopleOf({ people_id: one, people_ids: several }: FloatAllocation): readonly number[] {
  if (several !== undefined && several !== null && several.length > 0) return several;
  return one === undefined || one === null ? [] : [one];
}

function hoursOf({ work_days_hours_history: history, work_days_hours: now }: FloatPerson): HoursVersion[] {
  const versions = Object.entries(history ?? {}).flatMap(([from, hours]) =>
    isDay(from) && isWeek(hours) ? [{ from, hours }] : [],
  );
  if (versions.length > 0) return versions.sort((a, b) => (a.from < b.from ? -1 : 1));
  return [{ from: ALWAYS, hours: isWeek(now) ? now : EIGHT_HOURS }];
}

function isWeek(hours: unknown): hours is WeekHours {
  return Array.isArray(hours) && hours.length === 7 && hours.every((one) => typeof one === 'number');
}
