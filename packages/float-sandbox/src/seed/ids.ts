/** Fixed ids of the seed. Those of different resources are far apart, so that a mixed-up id finds nothing. */

import { LEAVE_TYPES } from './schedule.js';
import type { PersonKey } from './team.js';
import { ACCOUNTS, type AccountKey, DEPARTMENTS, type DepartmentKey, PEOPLE, ROLES, type RoleName } from './team.js';
import { CLIENTS, type ClientKey, PHASES, type PhaseKey, PROJECTS, type ProjectKey } from './work.js';

/** First id of each resource. */
export const FIRST_IDS = {
  departments: 301,
  roles: 801,
  accounts: 2001,
  clients: 5101,
  people: 17001,
  timeoffs: 35001,
  projects: 42001,
  milestones: 56001,
  phases: 61001,
  tasks: 73001,
  statuses: 81001,
  allocations: 90001,
  'timeoff-types': 11,
  holidays: 71,
  'project-stages': 21,
  currencies: 31,
  'rate-cards': 41,
  'project-templates': 51,
  'project-expenses': 96001,
  'public-holidays': 401,
} as const;

function numbered<K extends string>(table: Readonly<Record<K, unknown>>, first: number): Readonly<Record<K, number>> {
  const keys = Object.keys(table) as K[];
  return Object.fromEntries(keys.map((key, index) => [key, first + index])) as Record<K, number>;
}

/** Ids by key. Tests may refer to people and projects by these keys. */
export const IDS = {
  departments: numbered<DepartmentKey>(DEPARTMENTS, FIRST_IDS.departments),
  roles: numbered<RoleName>(ROLES, FIRST_IDS.roles),
  accounts: numbered<AccountKey>(ACCOUNTS, FIRST_IDS.accounts),
  clients: numbered<ClientKey>(CLIENTS, FIRST_IDS.clients),
  people: numbered<PersonKey>(PEOPLE, FIRST_IDS.people),
  projects: numbered<ProjectKey>(PROJECTS, FIRST_IDS.projects),
  phases: numbered<PhaseKey>(PHASES, FIRST_IDS.phases),
  leaveTypes: numbered<keyof typeof LEAVE_TYPES>(LEAVE_TYPES, FIRST_IDS['timeoff-types']),
} as const;
