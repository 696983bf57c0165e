import { type Day, type DayRange, earlier, later, type TimeEntry } from 'resource-planning';
import { ROLE_PLACEHOLDERS } from '../directory.js';
import { reader } from '../plan/read.js';
import { type Booking, type Member, memberOf } from '../plan/records.js';
import type { ToolCall } from '../tool.js';
import { readLogged } from './logged.js';
import { datedWork, type ProjectRecordsRead, type ReadProject, readLeaveAndHolidays } from './read-project.js';

/** A project as `readProject` returns it, without the parts common to all projects. */
export type PortfolioProject = Omit<ReadProject, 'filters' | 'recordsRead'>;

/** All projects of an account. */
export interface Portfolio {
  readonly projects: readonly PortfolioProject[];
  /** Ids of the people who are not archived. */
  readonly active: ReadonlySet<number>;
  readonly recordsRead: ProjectRecordsRead & { projects: number };
}

/** Selects the projects and lists to read. */
export interface PortfolioOptions {
  readonly clientId?: number | undefined;
  /** Whether to read time entries, which are most records of an account. Without them `logged` is undefined. */
  readonly logged: boolean;
}

type Lists = Awaited<ReturnType<typeof readLists>>;

/** Reads every project that is not archived, from its first day to its last. Each list is read once. */
export async function readPortfolio(call: ToolCall, options: PortfolioOptions): Promise<Portfolio> {
  const lists = await readLists(call, options);
  const dated = projectsOf(lists).map((records) => ({ ...records, ...datedWork(records, call.today()) }));
  const away = await readLeaveAndHolidays(call, wholeRange(dated, call.today()));
  const members = new Map(lists.people.map((person) => [person.people_id, memberOf(person)]));
  return {
    projects: dated.map(({ bookings, allocations: _records, filters: _own, ...project }) => ({
      ...project,
      plan: { people: bookedOn(bookings, members), allocations: bookings, ...away.plan },
    })),
    active: new Set(lists.people.filter(({ active }) => active !== 0).map(({ people_id: id }) => id)),
    recordsRead: {
      people: lists.people.length,
      allocations: lists.allocations.length,
      phases: lists.phases.length,
      project_tasks: lists.tasks.length,
      milestones: lists.milestones.length,
      logged_time: lists.logged?.length ?? 0,
      ...away.recordsRead,
      projects: lists.projects.length,
    },
  };
}

const LISTS = 7;

async function readLists(call: ToolCall, options: PortfolioOptions) {
  const read = reader(call, LISTS);
  const ofClient = options.clientId === undefined ? {} : { client_id: options.clientId };
  const [projects, phases, tasks, milestones, allocations, people, placeholders, logged] = await Promise.all([
    read('projects', { active: 1, expand: 'project_team', ...ofClient }),
    read('phases', { expand: 'phase_team' }),
    read('project-tasks', {}),
    read('milestones', ofClient),
    read('allocations', ofClient),
    read('people', {}),
    read('people', ROLE_PLACEHOLDERS),
    options.logged ? readLogged(call, {}) : undefined,
  ]);
  const allPeople = new Map([...people, ...placeholders].map((person) => [person.people_id, person]));
  return { projects, phases, tasks, milestones, allocations, logged, people: [...allPeople.values()] };
}

function projectsOf(lists: Lists) {
  const phases = groupedBy(lists.phases, ({ project_id: id }) => id);
  const tasks = groupedBy(lists.tasks, ({ project_id: id }) => id);
  const milestones = groupedBy(lists.milestones, ({ project_id: id }) => id);
  const allocations = groupedBy(lists.allocations, ({ project_id: id }) => id);
  const entries = lists.logged && groupedBy<TimeEntry>(lists.logged, ({ projectId }) => projectId);
  return lists.projects.map((project) => ({
    project,
    phases: phases(project.project_id),
    tasks: tasks(project.project_id),
    milestones: milestones(project.project_id),
    allocations: allocations(project.project_id),
    logged: entries?.(project.project_id),
  }));
}

function groupedBy<T>(all: readonly T[], projectOf: (one: T) => number): (projectId: number) => readonly T[] {
  const groups = new Map<number, T[]>();
  for (const one of all) {
    const group = groups.get(projectOf(one)) ?? [];
    group.push(one);
    groups.set(projectOf(one), group);
  }
  return (projectId) => groups.get(projectId) ?? [];
}

function bookedOn(bookings: readonly Booking[], members: ReadonlyMap<number, Member>): Member[] {
  const ids = new Set(bookings.flatMap(({ personIds }) => personIds));
  return [...ids].flatMap((id) => members.get(id) ?? []);
}

function wholeRange(dated: readonly { readonly range: DayRange }[], today: Day): DayRange {
  return {
    from: dated.map(({ range }) => range.from).reduce(earlier, today),
    to: dated.map(({ range }) => range.to).reduce(later, today),
  };
}
