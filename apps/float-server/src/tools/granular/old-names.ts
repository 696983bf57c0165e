/**
 * The 132 tool names of the archived community server and their successors: data for the aliases, the reference page and
 * for migration. Many of the old tools called endpoints that Float does not have; those state why they have no successor.
 */

import { type OldName, removed, renamed, unchanged } from './old-name.js';
import { OLD_TIME_NAMES } from './old-time-names.js';

const ACCOUNTS_ARE_READ = 'accounts are read-only in the API: an administrator changes them in Float';
const ROLES_ARE_JOBS = 'a role in Float is a job role with rates: it has no permissions, level or hierarchy';
const NO_DONE = 'Float keeps no mark for a milestone that is done';
const STATUS_IS_A_PLACE = 'a status in Float is where a person works on a day, no workflow state';

const TEAM: readonly OldName[] = [
  ...unchanged('list-accounts', 'get-account'),
  removed('create-account', ACCOUNTS_ARE_READ),
  removed('update-account', ACCOUNTS_ARE_READ),
  removed('manage-account-permissions', ACCOUNTS_ARE_READ),
  removed('deactivate-account', ACCOUNTS_ARE_READ, 'update-person'),
  removed('reactivate-account', ACCOUNTS_ARE_READ, 'update-person'),
  removed('get-current-account', 'Float has no such address; a key acts as the account owner', 'list-accounts'),
  removed('update-account-timezone', ACCOUNTS_ARE_READ),
  removed('set-account-department-filter', ACCOUNTS_ARE_READ),
  removed('bulk-update-account-permissions', ACCOUNTS_ARE_READ),
  ...unchanged('list-departments', 'get-department', 'create-department', 'update-department', 'delete-department'),
  ...unchanged('list-people', 'get-person', 'create-person', 'update-person', 'delete-person'),
  ...unchanged('list-roles', 'get-role', 'create-role', 'update-role', 'delete-role'),
  removed('get-roles-by-permission', ROLES_ARE_JOBS),
  removed('get-role-permissions', ROLES_ARE_JOBS),
  removed('update-role-permissions', ROLES_ARE_JOBS),
  removed('get-role-hierarchy', ROLES_ARE_JOBS, 'list-departments'),
  removed('check-role-access', ROLES_ARE_JOBS),
  renamed('list-statuses', 'list-places-of-work', { note: STATUS_IS_A_PLACE }),
  renamed('get-status', 'get-place-of-work', { note: STATUS_IS_A_PLACE }),
  renamed('create-status', 'create-place-of-work', { note: STATUS_IS_A_PLACE }),
  renamed('update-status', 'update-place-of-work', { note: STATUS_IS_A_PLACE }),
  renamed('delete-status', 'delete-place-of-work', { note: STATUS_IS_A_PLACE }),
  renamed('get-statuses-by-type', 'list-places-of-work', { needs: ['status_type_id'], note: STATUS_IS_A_PLACE }),
  removed('get-default-status', STATUS_IS_A_PLACE),
  removed('set-default-status', STATUS_IS_A_PLACE),
];

const PROJECTS: readonly OldName[] = [
  ...unchanged('list-projects', 'get-project', 'create-project', 'update-project', 'delete-project'),
  ...unchanged('list-clients', 'get-client', 'create-client', 'update-client', 'delete-client'),
  ...unchanged('list-milestones', 'get-milestone', 'create-milestone', 'update-milestone', 'delete-milestone'),
  renamed('get-project-milestones', 'list-milestones', { needs: ['project'] }),
  renamed('get-upcoming-milestones', 'whats-due', { preset: { kinds: ['milestone'] } }),
  removed('get-overdue-milestones', NO_DONE, 'whats-due'),
  removed('complete-milestone', NO_DONE),
  removed('get-milestone-reminders', 'milestones in Float have no reminders', 'whats-due'),
  ...unchanged('list-phases', 'get-phase', 'create-phase', 'update-phase', 'delete-phase'),
  renamed('list-phases-by-project', 'list-phases', { needs: ['project'] }),
  renamed('get-phases-by-date-range', 'list-phases', { needs: ['range'] }),
  renamed('get-active-phases', 'list-phases', { preset: { active: true } }),
  renamed('get-phase-schedule', 'list-phases', { preset: { sort: 'start_date' } }),
  ...unchanged('list-project-tasks', 'get-project-task', 'create-project-task', 'update-project-task'),
  ...unchanged('delete-project-task'),
  renamed('get-project-tasks-by-project', 'list-project-tasks', { needs: ['project'] }),
  renamed('get-project-tasks-by-phase', 'get-phase', { note: 'the answer has them in phase_tasks' }),
  { old: 'bulk-create-project-tasks', each: 'create-project-task' },
  removed('reorder-project-tasks', 'project tasks in Float have no order'),
  removed('archive-project-task', 'project tasks in Float cannot be archived', 'merge-project-tasks'),
  removed('get-project-task-dependencies', 'Float knows no dependencies between tasks'),
];

const SCHEDULE: readonly OldName[] = [
  renamed('list-tasks', 'list-allocations'),
  renamed('get-task', 'get-allocation'),
  renamed('create-task', 'create-allocation'),
  renamed('update-task', 'update-allocation'),
  renamed('delete-task', 'delete-allocation'),
  ...unchanged('list-allocations', 'get-allocation', 'create-allocation', 'update-allocation', 'delete-allocation'),
];

/** All old names. */
export const OLD_NAMES: readonly OldName[] = [...TEAM, ...PROJECTS, ...SCHEDULE, ...OLD_TIME_NAMES];
