import { gone, type OldName, one, same } from './old-name.js';

const PUBLIC_IS_READ = 'public holidays come from Float by region and are read-only';
const FOR_ALL = 'team holidays in Float are single spans for the whole team';

/** Time off, holidays, logged time and reports. */
export const OLD_TIME_NAMES: readonly OldName[] = [
  one('list-timeoff', 'list-time-off'),
  one('get-timeoff', 'get-time-off'),
  one('create-timeoff', 'create-time-off'),
  one('update-timeoff', 'update-time-off'),
  one('delete-timeoff', 'delete-time-off'),
  { old: 'bulk-create-timeoff', each: 'create-time-off' },
  one('approve-timeoff', 'update-time-off', { preset: { status: 'confirmed' } }),
  gone('reject-timeoff', 'no status for it is documented; deleting a request does the same', 'delete-time-off'),
  one('list-timeoff-types', 'list-time-off-types'),
  one('get-timeoff-calendar', 'who-is-away'),
  one('get-person-timeoff-summary', 'who-is-away', { needs: ['person'] }),
  ...same('list-time-off-types', 'get-time-off-type', 'create-time-off-type', 'update-time-off-type'),
  gone('delete-time-off-type', 'Float deletes no types: archive one with active: false', 'update-time-off-type'),
  ...same('list-public-holidays', 'get-public-holiday'),
  gone('create-public-holiday', PUBLIC_IS_READ, 'create-team-holiday'),
  gone('update-public-holiday', PUBLIC_IS_READ),
  gone('delete-public-holiday', PUBLIC_IS_READ),
  ...same('list-team-holidays', 'get-team-holiday', 'create-team-holiday', 'update-team-holiday'),
  ...same('delete-team-holiday'),
  gone('list-team-holidays-by-department', FOR_ALL, 'list-team-holidays'),
  one('list-team-holidays-by-date-range', 'list-team-holidays', { needs: ['range'] }),
  gone('list-recurring-team-holidays', FOR_ALL, 'list-team-holidays'),
  one('get-upcoming-team-holidays', 'list-team-holidays', { preset: { range: 'next 12 months' } }),
  ...same('list-logged-time', 'get-logged-time', 'create-logged-time', 'update-logged-time', 'delete-logged-time'),
  { old: 'bulk-create-logged-time', each: 'create-logged-time' },
  one('get-person-logged-time-summary', 'logged-vs-planned', { needs: ['person'] }),
  one('get-project-logged-time-summary', 'logged-vs-planned', { needs: ['project'] }),
  one('get-logged-time-timesheet', 'logged-vs-planned', { preset: { group_by: 'day' }, needs: ['person'] }),
  one('get-billable-time-report', 'get-people-report', { note: 'billable and other hours of each person' }),
  one('get-time-report', 'logged-vs-planned'),
  ...same('get-project-report'),
  one('get-people-utilization-report', 'get-people-report'),
];
