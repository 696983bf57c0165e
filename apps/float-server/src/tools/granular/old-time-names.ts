import { type OldName, removed, renamed, unchanged } from './old-name.js';

const PUBLIC_IS_READ = 'public holidays come from Float by region and are read-only';
const FOR_ALL = 'team holidays in Float are single spans for the whole team';

/** Old names of the tools for time off, holidays, logged time and reports. */
export const OLD_TIME_NAMES: readonly OldName[] = [
  renamed('list-timeoff', 'list-time-off'),
  renamed('get-timeoff', 'get-time-off'),
  renamed('create-timeoff', 'create-time-off'),
  renamed('update-timeoff', 'update-time-off'),
  renamed('delete-timeoff', 'delete-time-off'),
  { old: 'bulk-create-timeoff', each: 'create-time-off' },
  renamed('approve-timeoff', 'update-time-off', { preset: { status: 'confirmed' } }),
  removed('reject-timeoff', 'no status for it is documented; deleting a request does the same', 'delete-time-off'),
  renamed('list-timeoff-types', 'list-time-off-types'),
  renamed('get-timeoff-calendar', 'who-is-away'),
  renamed('get-person-timeoff-summary', 'who-is-away', { needs: ['person'] }),
  ...unchanged('list-time-off-types', 'get-time-off-type', 'create-time-off-type', 'update-time-off-type'),
  removed('delete-time-off-type', 'Float deletes no types: archive one with active: false', 'update-time-off-type'),
  ...unchanged('list-public-holidays', 'get-public-holiday'),
  removed('create-public-holiday', PUBLIC_IS_READ, 'create-team-holiday'),
  removed('update-public-holiday', PUBLIC_IS_READ),
  removed('delete-public-holiday', PUBLIC_IS_READ),
  ...unchanged('list-team-holidays', 'get-team-holiday', 'create-team-holiday', 'update-team-holiday'),
  ...unchanged('delete-team-holiday'),
  removed('list-team-holidays-by-department', FOR_ALL, 'list-team-holidays'),
  renamed('list-team-holidays-by-date-range', 'list-team-holidays', { needs: ['range'] }),
  removed('list-recurring-team-holidays', FOR_ALL, 'list-team-holidays'),
  renamed('get-upcoming-team-holidays', 'list-team-holidays', { preset: { range: 'next 12 months' } }),
  ...unchanged('list-logged-time', 'get-logged-time', 'create-logged-time', 'update-logged-time', 'delete-logged-time'),
  { old: 'bulk-create-logged-time', each: 'create-logged-time' },
  renamed('get-person-logged-time-summary', 'logged-vs-planned', { needs: ['person'] }),
  renamed('get-project-logged-time-summary', 'logged-vs-planned', { needs: ['project'] }),
  renamed('get-logged-time-timesheet', 'logged-vs-planned', { preset: { group_by: 'day' }, needs: ['person'] }),
  renamed('get-billable-time-report', 'get-people-report', { note: 'billable and other hours of each person' }),
  renamed('get-time-report', 'logged-vs-planned'),
  ...unchanged('get-project-report'),
  renamed('get-people-utilization-report', 'get-people-report'),
];
