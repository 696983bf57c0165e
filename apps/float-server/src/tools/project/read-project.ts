import type { Allocation, Milestone, Phase, Project, ProjectTask } from 'float-api';
import {
  addDays,
  type Block,
  type Day,
  type DayRange,
  dayOfTimestamp,
  earlier,
  lastDayOf,
  later,
  type Plan,
  type ProjectSpan,
  projectSpan,
  type TimeEntry,
} from 'resource-planning';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import { parentStatus } from '../plan/parent-status.js';
import {
  type Booking,
  bookingOf,
  isLeave,
  leaveOf,
  type Member,
  memberOf,
  publicHolidaysOf,
  teamHolidayOf,
} from '../plan/records.js';
import type { ToolCall } from '../tool.js';
import { readLogged, TIME_TRACKING_OFF } from './logged.js';

/** Number of records behind an answer about projects, by kind. */
export interface ProjectRecordsRead {
  people: number;
  allocations: number;
  phases: number;
  project_tasks: number;
  milestones: number;
  logged_time: number;
  time_off: number;
  public_holidays: number;
  team_holidays: number;
}

/** The plan of a project with its people. */
export interface ProjectPlan extends Plan<Booking> {
  readonly people: readonly Member[];
}

/** All planned and logged work of one project, from its first day to its last. */
export interface ReadProject {
  /** With its team (`project_team`). */
  readonly project: Project;
  /** With their teams (`phase_team`). */
  readonly phases: readonly Phase[];
  readonly tasks: readonly ProjectTask[];
  readonly milestones: readonly Milestone[];
  /** Includes everyone who may ever have been booked: archived people and placeholders too. */
  readonly plan: ProjectPlan;
  /** Undefined if the account has no time tracking. */
  readonly logged: readonly TimeEntry[] | undefined;
  /** Dates as set or derived. The end is undefined if work repeats without an end. */
  readonly span: ProjectSpan;
  /** The days that were evaluated; work without an end is cut off at a horizon. */
  readonly range: DayRange;
  /** Filters and assumptions, in words. */
  readonly filters: readonly string[];
  readonly recordsRead: ProjectRecordsRead;
}

/** Days for which work without an end is evaluated. */
const HORIZON_DAYS = 366;

/**
 * Reads one project.
 * @param id Float id of the project
 */
export async function readProject(call: ToolCall, id: number): Promise<ReadProject> {
  const ofProject = { project_id: id };
  const [project, phases, tasks, milestones, allocations, logged, people] = await Promise.all([
    call.api.get('projects', id, { ...call, expand: ['project_team', 'project_tasks'] }),
    call.api.listAll('phases', { ...ofProject, expand: 'phase_team' }, call),
    call.api.listAll('project-tasks', ofProject, call),
    call.api.listAll('milestones', ofProject, call),
    call.api.listAll('allocations', ofProject, call),
    readLogged(call, ofProject),
    readAllPeople(call),
  ]);
  const { bookings, ...dated } = datedWork({ project, phases, tasks, milestones, allocations, logged }, call.today());
  const away = await readLeaveAndHolidays(call, dated.range);
  return {
    project,
    phases,
    tasks,
    milestones,
    plan: { people, allocations: bookings, ...away.plan },
    logged,
    ...dated,
    recordsRead: {
      people: people.length,
      allocations: allocations.length,
      phases: phases.length,
      project_tasks: tasks.length,
      milestones: milestones.length,
      logged_time: logged?.length ?? 0,
      ...away.recordsRead,
    },
  };
}

/** The records of one project, before its dates are derived. */
export interface DatedRecords {
  readonly project: Project;
  readonly phases: readonly Phase[];
  readonly tasks: readonly ProjectTask[];
  readonly milestones: readonly Milestone[];
  readonly allocations: readonly Allocation[];
  readonly logged: readonly TimeEntry[] | undefined;
}

/** The allocations of one project and the days they cover. */
export interface DatedWork extends Pick<ReadProject, 'span' | 'range' | 'filters'> {
  readonly bookings: readonly Booking[];
}

/** Derives the allocations, span and range of one project. */
export function datedWork(
  { project, phases, tasks, milestones, allocations, logged }: DatedRecords,
  today: Day,
): DatedWork {
  const parents = parentStatus([project], phases, tasks);
  const bookings = allocations.map((record) => bookingOf(record, parents));
  const parts = [...phases.map(phaseBlock), ...milestones.map(milestoneBlock), ...bookings];
  const span = projectSpan(byHand(project), parts);
  const range = rangeOf(bookings, span, logged ?? [], today);
  return {
    bookings,
    span,
    range,
    filters: [
      ...(logged === undefined ? [TIME_TRACKING_OFF] : []),
      ...(bookings.some(isEndless) ? [`work without an end counted up to ${range.to}`] : []),
    ],
  };
}

/** People who left have worked too; role placeholders are listed only on request. */
async function readAllPeople(call: ToolCall): Promise<Member[]> {
  const lists = await Promise.all([
    call.api.listAll('people', {}, call),
    call.api.listAll('people', ROLE_PLACEHOLDERS, call),
  ]);
  const byId = new Map(lists.flat().map((record) => [record.people_id, memberOf(record)]));
  return [...byId.values()];
}

/** Reads leave and holidays of a range. */
export async function readLeaveAndHolidays(call: ToolCall, { from, to }: DayRange) {
  const dates = { start_date: from, end_date: to };
  const [timeoffs, publicHolidays, teamHolidays] = await Promise.all([
    call.api.listAll('timeoffs', dates, call),
    call.api.listAll('public-holidays', dates, call),
    call.api.listAll('holidays', {}, call),
  ]);
  return {
    plan: {
      leave: timeoffs.filter(isLeave).map(leaveOf),
      holidays: [...publicHolidays.flatMap(publicHolidaysOf), ...teamHolidays.map(teamHolidayOf)],
    },
    recordsRead: {
      time_off: timeoffs.length,
      public_holidays: publicHolidays.length,
      team_holidays: teamHolidays.length,
    },
  };
}

function byHand({ start_date: start, end_date: end }: Project): ProjectSpan {
  return { start: start ?? undefined, end: end ?? undefined };
}

function phaseBlock({ start_date: from, end_date: to }: Phase): Block {
  return { from, to };
}

function milestoneBlock({ date, end_date: end }: Milestone): Block {
  return { from: dayOfTimestamp(date), to: dayOfTimestamp(end ?? date) };
}

function isEndless(block: Block): boolean {
  return lastDayOf(block) === undefined;
}

/** The days with planned or logged work, which may exceed the dates of the project. */
function rangeOf(bookings: readonly Booking[], span: ProjectSpan, logged: readonly TimeEntry[], today: Day): DayRange {
  const horizon = later(span.end ?? today, addDays(today, HORIZON_DAYS));
  const firsts = [...bookings.map(({ from }) => from), ...logged.map(({ day }) => day)];
  const lasts = [...bookings.map((booking) => lastDayOf(booking) ?? horizon), ...logged.map(({ day }) => day)];
  const from = firsts.reduce(earlier, span.start ?? today);
  return { from, to: lasts.reduce(later, later(span.end ?? from, from)) };
}
