/**
 * Test oracle for budgets: computes those of the seeded agency independently, from the day-by-day walk of the hours
 * oracle and money in whole ten-thousandths. Uses nothing of `resource-planning`.
 */
import type { Allocation, Milestone, Phase, Project, ProjectTask, Role } from 'float-api';
import { cellsOf, daysOf, type Records, readWorld } from '../../testing/hours-oracle.js';
import type { Kit } from '../../testing/kit.js';

/** All records that budgets depend on. */
export interface Books extends Records {
  readonly projects: readonly Project[];
  readonly phases: readonly Phase[];
  readonly tasks: readonly ProjectTask[];
  readonly milestones: readonly Milestone[];
  readonly roles: readonly Role[];
}

/** A year and a day after `TODAY`: the last day on which work without an end counts. */
export const HORIZON = '2027-11-24';
const BEGIN = '2026-10-01';
const DRAFT_OR_TENTATIVE = [0, 1];
const CANCELLED = 4;

/** Reads the records of a kit. */
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

/** Hours of one person, project and day. */
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

/** Every planned hour of the agency, without cancelled work. */
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
  const unassigned = open.flatMap((allocation) =>
    daysOf(allocation.start_date, allocation.end_date)
      .filter((day) => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay()))
      .filter((day) => !books.team.some(({ date, end_date: end }) => date <= day && day <= (end ?? date)))
      .map((day) => hourOf(books, allocation, day, undefined)),
  );
  return [...assigned, ...unassigned];
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

/** Every logged hour of the agency. */
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

/** The bill rate. In the seed every phase or person rate equals that of the role, which leaves few levels to check. */
export function billRate(books: Books, { person, project }: Hour): number | undefined {
  const { project_team: team, default_hourly_rate: single } = books.projects.find((one) => one.project_id === project)!;
  const member = team?.find(({ people_id: id }) => id === person);
  const own = books.people.find(({ people_id: id }) => id === person);
  const text = member?.hourly_rate ?? single ?? own?.default_hourly_rate;
  return text === undefined || text === null ? undefined : Number(text);
}

/** The cost rate. */
export function costRate(books: Books, { person }: Hour): number | undefined {
  const own = books.people.find(({ people_id: id }) => id === person);
  return own?.cost_rate == null ? undefined : Number(own.cost_rate);
}

/** The price in ten-thousandths, so that sums are exact. */
export function priced(hours: readonly Hour[], rate: (hour: Hour) => number | undefined): number {
  return hours.reduce((sum, hour) => sum + Math.round(hour.hours * 100) * Math.round((rate(hour) ?? 0) * 100), 0);
}

/** The sum of hours. */
export function total(hours: readonly Hour[]): number {
  return hours.reduce((sum, hour) => sum + Math.round(hour.hours * 100), 0) / 100;
}

/** Formats ten-thousandths, rounding halves away from zero: `"1200.50"`. */
export function moneyText(tenThousandths: number): string {
  const cents = Math.sign(tenThousandths) * Math.round(Math.abs(tenThousandths) / 100);
  return (cents / 100).toFixed(2);
}

/** A percentage with one decimal. */
export function percentOf(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 10;
}
