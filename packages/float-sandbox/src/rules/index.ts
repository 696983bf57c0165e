import type { ResourceKey } from 'float-api';
import { peopleRules } from './people.js';
import { milestoneRules, phaseRules, projectTaskRules } from './project-parts.js';
import { projectRules } from './projects.js';
import type { Rules } from './rules.js';
import {
  allocationRules,
  loggedTimeRules,
  publicHolidayRules,
  statusRules,
  timeoffRules,
  timeoffTypeRules,
} from './schedule.js';
import { accountRules, departmentRules, roleRules } from './team.js';

/** Rules by resource. A resource without an entry follows its table row only. */
const RULES: Readonly<Partial<Record<ResourceKey, Rules>>> = {
  people: peopleRules,
  departments: departmentRules,
  roles: roleRules,
  accounts: accountRules,
  projects: projectRules,
  phases: phaseRules,
  'project-tasks': projectTaskRules,
  milestones: milestoneRules,
  allocations: allocationRules,
  'logged-time': loggedTimeRules,
  statuses: statusRules,
  timeoffs: timeoffRules,
  'timeoff-types': timeoffTypeRules,
  'public-holidays': publicHolidayRules,
};

const NONE: Rules = {};

/** The rules of a resource. */
export function rulesOf(key: ResourceKey): Rules {
  return RULES[key] ?? NONE;
}
