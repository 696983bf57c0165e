/**
 * Maps Float's records to the types of `resource-planning`. Missing lists count as empty: one malformed record must not make
 * the answer about all other records fail.
 */
import type {
  Allocation as FloatAllocation,
  Person as FloatPerson,
  PublicHoliday,
  TeamHoliday,
  TimeOff,
} from 'float-api';
import {
  effectiveStatus,
  type Holiday,
  hoursHistory,
  type Leave,
  type Person,
  type ProjectWork,
  stepOfCode,
} from 'resource-planning';
import { inheritedBillable, NO_PARENTS, statusOf } from './parent-status.js';

/** A person with the fields that answers show. */
export interface Member extends Person {
  readonly jobTitle: string | undefined;
  readonly roleId: number | undefined;
  readonly department: string | undefined;
  readonly departmentId: number | undefined;
  readonly tags: readonly string[];
  readonly placeholder: boolean;
  readonly archived: boolean;
}

/** An allocation with the fields that answers show. */
export interface Booking extends ProjectWork {
  readonly task: string | undefined;
}

/** Time off with the fields that answers show. */
export interface TypedLeave extends Leave {
  readonly id: number;
  readonly typeId: number;
  readonly type: string;
}

/** People types 3 and 4 are placeholders for roles. */
const FIRST_PLACEHOLDER_TYPE = 3;

/** Maps a person. */
export function memberOf(record: FloatPerson): Member {
  return {
    id: record.people_id,
    name: record.name,
    hours: hoursHistory(record.work_days_hours_history, record.work_days_hours),
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
 * Maps an allocation.
 *
 * @param parents statuses and billable marks of phases and projects. By default the allocation's own status counts. Also
 *   decides whether the work is billable if Float's response has no mark.
 */
export function bookingOf(record: FloatAllocation, parents = NO_PARENTS): Booking {
  const phaseId = record.phase_id || undefined;
  const phase = phaseId === undefined ? undefined : parents.phases.get(phaseId);
  const place = { projectId: record.project_id, phaseId, taskId: record.task_meta_id ?? undefined };
  return {
    id: record.task_id,
    personIds: peopleOf(record),
    hoursPerDay: record.hours,
    status: effectiveStatus(statusOf(record.status), phase, parents.projects.get(record.project_id)),
    from: record.start_date,
    to: record.end_date,
    repeat: stepOfCode(record.repeat_state),
    repeatUntil: record.repeat_end_date ?? undefined,
    ...place,
    billable:
      record.billable === undefined || record.billable === null
        ? inheritedBillable(place, parents)
        : record.billable === 1,
    task: record.name || undefined,
  };
}

/** Status of declined leave, which Float returns but does not document. */
const DECLINED_LEAVE = 3;

/** Whether a time-off record is leave; declined requests are not. */
export function isLeave({ status }: TimeOff): boolean {
  return (status as number) !== DECLINED_LEAVE;
}

/** Maps time off. */
export function leaveOf(record: TimeOff): Leave {
  return {
    personIds: record.people_ids ?? [],
    // Neither full day nor hours: counted as whole days, because booking an absent person is the worse error.
    hoursPerDay: record.full_day === 1 ? undefined : (record.hours ?? undefined),
    confirmed: record.status === CONFIRMED_LEAVE,
    from: record.start_date,
    to: record.end_date,
    repeat: stepOfCode(record.repeat_state),
    repeatUntil: record.repeat_end ?? undefined,
  };
}

/** Maps time off with its id and type. */
export function typedLeave(record: TimeOff): TypedLeave {
  const { timeoff_id: id, timeoff_type_id: typeId, timeoff_type_name: type } = record;
  return { ...leaveOf(record), id, typeId, type: type ?? `type ${typeId}` };
}

/** Maps a team holiday. */
export function teamHolidayOf(record: TeamHoliday): Holiday {
  return { name: record.name, from: record.date, to: record.end_date ?? record.date };
}

/** Maps a public holiday. One record holds the days of all years. */
export function publicHolidaysOf(record: PublicHoliday): Holiday[] {
  return (record.dates ?? []).map((day) => ({ name: record.name, from: day, to: day, region: record.region }));
}

const CONFIRMED_LEAVE = 2;

/** A response may carry both fields; the list is empty or missing if the work is for one person. */
function peopleOf({ people_id: one, people_ids: several }: FloatAllocation): readonly number[] {
  if (several !== undefined && several !== null && several.length > 0) return several;
  return one === undefined || one === null ? [] : [one];
}
