/**
 * The 132 tool names of the archived community server, and what became of each: data for the aliases, the reference page
 * and whoever moves over. Many of its tools called addresses Float does not have; those say why they cannot exist.
 */

import { gone, type OldName, one, same } from './old-name.js';
import { OLD_TIME_NAMES } from './old-time-names.js';

const ACCOUNTS_ARE_READ = 'accounts are read-only in the API: an administrator changes them in Float';
const ROLES_ARE_JOBS = 'a role in Float is a job role with rates: it has no permissions, level or hierarchy';
const NO_DONE = 'Float keeps no mark for a milestone that is done';
const STATUS_IS_A_PLACE = 'a status in Float is where somebody works on a day, no workflow state';

const TEAM: readonly OldName[] = [
  ...same('list-accounts', 'get-account'),
  gone('create-account', ACCOUNTS_ARE_READ),
  gone('update-account', ACCOUNTS_ARE_READ),
  gone('manage-account-permissions', ACCOUNTS_ARE_READ),
  gone('deactivate-account', ACCOUNTS_ARE_READ, 'update-person'),
  gone('reactivate-account', ACCOUNTS_ARE_READ, 'update-person'),
  gone('get-current-account', 'Float has no such address; a key acts as the account owner', 'list-accounts'),
  gone('update-account-timezone', ACCOUNTS_ARE_READ),
  gone('set-account-department-filter', ACCOUNTS_ARE_READ),
  gone('bulk-update-account-permissions', ACCOUNTS_ARE_READ),
  ...same('list-departments', 'get-department', 'create-department', 'update-department', 'delete-department'),
  ...same('list-people', 'get-person', 'create-person', 'update-person', 'delete-person'),
  ...same('list-roles', 'get-role', 'create-role', 'update-role', 'delete-role'),
  gone('get-roles-by-permission', ROLES_ARE_JOBS),
  gone('get-role-permissions', ROLES_ARE_JOBS),
  gone('update-role-permissions', ROLES_ARE_JOBS),
  gone('get-role-hierarchy', ROLES_ARE_JOBS, 'list-departments'),
  gone('check-role-access', ROLES_ARE_JOBS),
  one('list-statuses', 'list-places-of-work', { note: STATUS_IS_A_PLACE }),
  one('get-status', 'get-place-of-work', { note: STATUS_IS_A_PLACE }),
  one('create-status', 'create-place-of-work', { note: STATUS_IS_A_PLACE }),
  one('update-status', 'update-place-of-work', { note: STATUS_IS_A_PLACE }),
  one('delete-status', 'delete-place-of-work', { note: STATUS_IS_A_PLACE }),
  one('get-statuses-by-type', 'list-places-of-work', { needs: ['status_type_id'], note: STATUS_IS_A_PLACE }),
  gone('get-default-status', STATUS_IS_A_PLACE),
  gone('set-default-status', STATUS_IS_A_PLACE),
];

const PROJECTS: readonly OldName[] = [
  ...same('list-projects', 'get-project', 'create-project', 'update-project', 'delete-project'),
  ...same('list-clients', 'get-client', 'create-client', 'update-client', 'delete-client'),
  ...same('list-milestones', 'get-milestone', 'create-milestone', 'update-milestone', 'delete-milestone'),
  one('get-project-milestones', 'list-milestones', { needs: ['project'] }),
  one('get-upcoming-milestones', 'whats-due', { preset: { kinds: ['milestone'] } }),
  gone('get-overdue-milestones', NO_DONE, 'whats-due'),
  gone('complete-milestone', NO_DONE),
  gone('get-milestone-reminders', 'milestones in Float have no reminders', 'whats-due'),
  ...same('list-phases', 'get-phase', 'create-phase', 'update-phase', 'delete-phase'),
  one('list-phases-by-project', 'list-phases', { needs: ['project'] }),
  one('get-phases-by-date-range', 'list-phases', { needs: ['range'] }),
  one('get-active-phases', 'list-phases', { preset: { active: true } }),
  one('get-phase-schedule', 'list-phases', { preset: { sort: 'start_date' } }),
  ...same('list-project-tasks', 'get-project-task', 'create-project-task', 'update-project-task'),
  ...same('delete-project-task'),
  one('get-project-tasks-by-project', 'list-project-tasks', { needs: ['project'] }),
  one('get-project-tasks-by-phase', 'get-phase', { note: 'the answer has them in phase_tasks' }),
  { old: 'bulk-create-project-tasks', each: 'create-project-task' },
  gone('reorder-project-tasks', 'project tasks in Float have no order'),
  gone('archive-project-task', 'project tasks in Float cannot be archived', 'merge-project-tasks'),
  gone('get-project-task-dependencies', 'Float knows no dependencies between tasks'),
];

const SCHEDULE: readonly OldName[] = [
  one('list-tasks', 'list-allocations'),
  one('get-task', 'get-allocation'),
  one('create-task', 'create-allocation'),
  one('update-task', 'update-allocation'),
  one('delete-task', 'delete-allocation'),
  ...same('list-allocations', 'get-allocation', 'create-allocation', 'update-allocation', 'delete-allocation'),
];

export const OLD_NAMES: readonly OldName[] = [...TEAM, ...PROJECTS, ...SCHEDULE, ...OLD_TIME_NAMES];
