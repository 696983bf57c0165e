import { createRecord } from '../model/records.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import type { Calendar } from './calendar.js';
import { IDS } from './ids.js';
import {
  ACCOUNTS,
  type AccountKey,
  type AccountRow,
  DEPARTMENTS,
  type DepartmentKey,
  PEOPLE,
  type PersonKey,
  type PersonRow,
  REGIONS,
  ROLES,
  type RoleName,
} from './team.js';

const FRIDAY = 4;
const EMPLOYEE = 1;

/** Creates departments, roles, accounts and people. */
export function seedTeam(world: World, calendar: Calendar): void {
  // The owner comes first, as the author of all other records.
  addAccount(world, 'owner');
  for (const key of Object.keys(DEPARTMENTS) as DepartmentKey[]) addDepartment(world, key);
  for (const name of Object.keys(ROLES) as RoleName[]) addRole(world, name);
  for (const key of Object.keys(PEOPLE) as PersonKey[]) addPerson(world, calendar, key);
  for (const key of Object.keys(ACCOUNTS) as AccountKey[]) if (key !== 'owner') addAccount(world, key);
}

function addAccount(world: World, key: AccountKey): void {
  const [name, type, person, departments]: AccountRow = ACCOUNTS[key];
  createRecord(world, 'accounts', {
    id: IDS.accounts[key],
    name,
    email: mailOf(name),
    account_type: type,
    people_id: person === undefined ? null : IDS.people[person],
    department_filter: departments?.map((department) => IDS.departments[department]) ?? null,
  });
}

function addDepartment(world: World, key: DepartmentKey): void {
  const [name, parent] = DEPARTMENTS[key];
  const parent_id = parent === null ? null : IDS.departments[parent];
  createRecord(world, 'departments', { id: IDS.departments[key], name, parent_id });
}

function addRole(world: World, name: RoleName): void {
  const [bill, cost] = ROLES[name];
  const role = createRecord(world, 'roles', { id: IDS.roles[name], name, default_hourly_rate: bill });
  const history = [{ rate: cost.toFixed(2), effective_date: null }];
  world.store.update('roles', Number(role['id']), { cost_rate_history: history });
}

function addPerson(world: World, calendar: Calendar, key: PersonKey): void {
  const [name, department, role, region, skills, extra = {}]: PersonRow = PEOPLE[key];
  const [bill, cost] = ROLES[role];
  const type = extra.type ?? EMPLOYEE;
  const body: Row = {
    name,
    email: type === EMPLOYEE ? mailOf(name) : null,
    department: { department_id: IDS.departments[department] },
    role_id: IDS.roles[role],
    region_id: REGIONS[region],
    tags: skills.split(', ').map((skill) => ({ name: skill, type: 1 })),
    default_hourly_rate: bill,
    cost_rate: cost,
    people_type_id: type,
    employee_type: extra.week === undefined ? 1 : 0,
    active: extra.archived ? 0 : 1,
    start_date: extra.startWeek === undefined ? null : calendar.day(extra.startWeek, 0),
    end_date: extra.endWeek === undefined ? null : calendar.day(extra.endWeek, FRIDAY),
  };
  const week = extra.week === undefined ? {} : { work_days_hours: extra.week };
  createRecord(world, 'people', { id: IDS.people[key], ...body, ...week });
}

function mailOf(name: string): string {
  const plain = name.normalize('NFD').replaceAll(/[^a-zA-Z ]/g, '');
  return `${plain.toLowerCase().replaceAll(' ', '.')}@studio.example`;
}
