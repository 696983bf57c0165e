import { createRecord } from '../model/records.js';
import type { World } from '../world.js';
import type { Calendar } from './calendar.js';
import { FIRST_IDS, IDS } from './ids.js';
import { ALLOCATIONS } from './schedule.js';
import { PEOPLE, type PersonKey, ROLES } from './team.js';
import {
  CLIENTS,
  type ClientKey,
  MILESTONES,
  PHASES,
  type PhaseKey,
  PROJECT_TASKS,
  PROJECTS,
  type ProjectKey,
  type ProjectRow,
} from './work.js';

const FRIDAY = 4;
/** Types of budgets in money, whose teams carry rates. */
const FEE_BUDGETS = [2, 3];

/** Creates clients, projects, phases, tasks and milestones. */
export function seedWork(world: World, calendar: Calendar): void {
  for (const key of Object.keys(CLIENTS) as ClientKey[]) {
    createRecord(world, 'clients', { id: IDS.clients[key], name: CLIENTS[key] });
  }
  for (const key of Object.keys(PROJECTS) as ProjectKey[]) addProject(world, calendar, key);
  for (const key of Object.keys(PHASES) as PhaseKey[]) addPhase(world, calendar, key);
  for (const [index, [project, name, values]] of PROJECT_TASKS.entries()) {
    const id = FIRST_IDS.tasks + index;
    createRecord(world, 'project-tasks', { id, project_id: IDS.projects[project], task_name: name, ...values });
  }
  for (const [index, [project, name, week, day, phase]] of MILESTONES.entries()) {
    const phase_id = phase === undefined ? 0 : IDS.phases[phase];
    const place = { project_id: IDS.projects[project], phase_id };
    createRecord(world, 'milestones', {
      id: FIRST_IDS.milestones + index,
      name,
      ...place,
      date: calendar.day(week, day),
    });
  }
}

function addProject(world: World, calendar: Calendar, key: ProjectKey): void {
  const row: ProjectRow = PROJECTS[key];
  const [from, to] = row.weeks ?? [];
  createRecord(world, 'projects', {
    id: IDS.projects[key],
    name: row.name,
    project_code: row.code,
    client_id: row.client === undefined ? null : IDS.clients[row.client],
    project_manager: IDS.accounts[row.manager],
    tags: row.tags ?? [],
    ...row.values,
    start_date: from === undefined ? null : calendar.day(from, 0),
    end_date: to === undefined ? null : calendar.day(to, FRIDAY),
    project_team: { set: teamOf(key, FEE_BUDGETS.includes(Number(row.values?.['budget_type']))) },
  });
}

/** The people scheduled on a project. */
function teamOf(project: ProjectKey, withRates: boolean) {
  const people = ALLOCATIONS.filter(([, key]) => key === project).flatMap(([who]) => who);
  return [...new Set(people)].map((key: PersonKey) => {
    const role = PEOPLE[key][2];
    const hourly_rate = withRates ? ROLES[role][0] : null;
    return { people_id: IDS.people[key], role_id: IDS.roles[role], hourly_rate };
  });
}

function addPhase(world: World, calendar: Calendar, key: PhaseKey): void {
  const [project, name, from, to, values] = PHASES[key];
  createRecord(world, 'phases', {
    id: IDS.phases[key],
    project_id: IDS.projects[project],
    name,
    start_date: calendar.day(from, 0),
    end_date: calendar.day(to, FRIDAY),
    ...values,
  });
}
