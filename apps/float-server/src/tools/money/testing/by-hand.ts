/**
 * Budgets of the seeded agency, worked out a second time: hours by the day-by-day walk of the other tests, money in whole
 * ten-thousandths. Nothing of planning/ is used.
 */
import type { Allocation, Milestone, Phase, Project, ProjectTask, Role } from '../../../float/resources.js';
import { cellsOf, daysOf, readWorld, type World } from '../../jobs-writing/testing/by-hand.js';
import type { Kit } from '../../testing/kit.js';

export interface Books extends World {
  readonly projects: readonly Project[];
  readonly phases: readonly Phase[];
  readonly tasks: readonly ProjectTask[];
  readonly milestones: readonly Milestone[];
  readonly roles: readonly Role[];
}

/** A year and a day from the Monday of the tests: how far work without an end is counted. */
export const HORIZON = '2027-11-24';
const BEGIN = '2026-10-01';
const DRAFT_OR_TENTATIVE = [0, 1];
const CANCELLED = 4;

export async function readBooks(kit: Kit): Promise<Books> {
  const { api } = kit;
  return {
    ...(await readWorld(kit)),
    projects: await api.listAll('projects', { expand: 'project_team' }),
    phases: await api.listAll('phases'),
    tasks: await api.listAll('project-tasks'),
    milestones: await api.listAll('milestones'),
    roles: await api.listAll('roles', { expand: 'cost_rate_history' }),
  };
}

export interface Hour {
  readonly day: string;
  readonly person: number | undefined;
  readonly project: number;
  readonly phase: number;
  readonly task: number | undefined;
  readonly hours: number;
  readonly billable: boolean;
  readonly tentative: boolean;
}

/** Every planned hour of the agency, cancelled work apart. */
export function plannedHours(books: Books): Hour[] {
  const byId = new Map(books.allocations.map((one) => [one.task_id, one]));
  const assigned = books.people.flatMap((person) =>
    cellsOf(books, person, [BEGIN, HORIZON]).flatMap(({ day, work }) =>
      work.map(({ id }) => hourOf(books, byId.get(id)!, day, person.people_id)),
    ),
  );
  const open = books.allocations.filter(
    ({ people_id: one, people_ids: several, status }) => !one && !several?.length && status !== CANCELLED,
  );
  const nobody = open.flatMap((allocation) =>
    daysOf(allocation.start_date, allocation.end_date)
      .filter((day) => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay()))
      .filter((day) => !books.team.some(({ date, end_date: end }) => date <= day && day <= (end ?? date)))
      .map((day) => hourOf(books, allocation, day, undefined)),
  );
  return [...assigned, ...nobody];
}

function hourOf(books: Books, allocation: Allocation, day: string, person: number | undefined): Hour {
  const project = books.projects.find(({ project_id: id }) => id === allocation.project_id)!;
  const phase = books.phases.find(({ phase_id: id }) => id === allocation.phase_id);
  const statuses = [allocation.status, project.status, phase?.status ?? 2];
  return {
    day,
    person,
    project: project.project_id,
    phase: allocation.phase_id,
    task: allocation.task_meta_id ?? undefined,
    hours: allocation.hours,
    billable: allocation.billable === 1,
    tentative: statuses.some((status) => DRAFT_OR_TENTATIVE.includes(status)),
  };
}

export function loggedHours(books: Books): Hour[] {
  return books.logged.map((entry) => ({
    day: entry.date,
    person: entry.people_id,
    project: entry.project_id,
    phase: entry.phase_id,
    task: entry.task_meta_id ?? undefined,
    hours: entry.hours,
    billable: entry.billable === 1,
    tentative: false,
  }));
}

/** In the seed every rate of a phase or person is that of the role, so that few levels are left to ask. */
export function billRate(books: Books, { person, project }: Hour): number | undefined {
  const { project_team: team, default_hourly_rate: single } = books.projects.find((one) => one.project_id === project)!;
  const member = team?.find(({ people_id: id }) => id === person);
  const own = books.people.find(({ people_id: id }) => id === person);
  const text = member?.hourly_rate ?? single ?? own?.default_hourly_rate;
  return text === undefined || text === null ? undefined : Number(text);
}

export function costRate(books: Books, { person }: Hour): number | undefined {
  const own = books.people.find(({ people_id: id }) => id === person);
  return own?.cost_rate == null ? undefined : Number(own.cost_rate);
}

/** In ten-thousandths, so that sums are exact. */
export function priced(hours: readonly Hour[], rate: (hour: Hour) => number | undefined): number {
  return hours.reduce((sum, hour) => sum + Math.round(hour.hours * 100) * Math.round((rate(hour) ?? 0) * 100), 0);
}

export function total(hours: readonly Hour[]): number {
  return hours.reduce((sum, hour) => sum + Math.round(hour.hours * 100), 0) / 100;
}

/** Halves away from zero: `"1200.50"`. */
export function moneyText(tenThousandths: number): string {
  const cents = Math.sign(tenThousandths) * Math.round(Math.abs(tenThousandths) / 100);
  return (cents / 100).toFixed(2);
}

export function percentOf(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 10;
}
