import { ALL_OPERATIONS, type Resource } from './resource-types.js';
import { REPEAT_STATES, STAMPS } from './shared.js';

/** Status codes of allocations. */
export const ALLOCATION_STATUSES = {
  0: 'draft',
  1: 'tentative',
  2: 'confirmed',
  3: 'complete',
  4: 'canceled',
} as const;

/** Allocations: scheduled work, at the path `/tasks`. */
export const allocations = {
  key: 'allocations',
  path: '/tasks',
  singular: 'allocation',
  about: 'Scheduled work: hours PER DAY of one or several people on a project between two dates.',
  operations: ALL_OPERATIONS,
  deletedLog: true,
  range: true,
  supports: ['modified_since', 'fields', 'sort'],
  filters: { client_id: { type: 'integer', about: 'client of the project', ref: 'clients' } },
  fields: {
    task_id: { type: 'integer', about: 'id of the allocation', id: true, readOnly: true, sortable: true },
    project_id: {
      type: 'integer',
      about: 'project',
      required: true,
      ref: 'projects',
      cascade: true,
      filter: true,
      sortable: true,
    },
    phase_id: { type: 'integer', about: 'phase, 0 = none', ref: 'phases', zeroIsNone: true, default: 0, filter: true },
    people_id: { type: 'integer', about: 'the one person', ref: 'people', cascade: true, filter: true, sortable: true },
    people_ids: {
      type: 'integers',
      about: 'several people; never send it with people_id',
      ref: 'people',
      cascade: true,
    },
    start_date: { type: 'date', about: 'first day', required: true, sortable: true, span: 'start' },
    end_date: { type: 'date', about: 'last day', required: true, sortable: true, span: 'end' },
    start_time: { type: 'time', about: 'fixed time of day' },
    hours: { type: 'number', about: 'hours PER DAY, not a total', required: true, min: 0.01, max: 24 },
    status: { type: 'integer', about: 'status', values: ALLOCATION_STATUSES, default: 2, filter: true },
    billable: { type: 'flag', about: 'from the project task', readOnly: true, filter: true },
    name: { type: 'string', about: 'project task name; an unknown name creates one', maxLength: 200 },
    task_meta_id: { type: 'integer', about: 'project task; wins over name', ref: 'project-tasks', filter: true },
    notes: { type: 'string', about: 'free text' },
    repeat_state: { type: 'integer', about: 'recurrence', values: REPEAT_STATES, default: 0, filter: true },
    repeat_end_date: { type: 'date', about: 'end of the series', span: 'until' },
    root_task_id: { type: 'integer', about: 'first allocation of a linked chain', ref: 'allocations' },
    parent_task_id: { type: 'integer', about: 'previous allocation of a linked chain', ref: 'allocations' },
    task_days: { type: 'dates', about: 'real working dates in the asked range', readOnly: true, expand: true },
    ...STAMPS,
  },
} as const satisfies Resource;

/** Logged time. */
export const loggedTime = {
  key: 'logged-time',
  path: '/logged-time',
  singular: 'time entry',
  about: 'Hours a person logged on a project on one day. hours 0 is a soft delete.',
  operations: ALL_OPERATIONS,
  deletedLog: true,
  range: true,
  supports: ['modified_since', 'fields', 'sort'],
  quirks: { createsArray: true, feature: 'time tracking' },
  fields: {
    logged_time_id: { type: 'hex-id', about: 'id of the entry', id: true, readOnly: true },
    people_id: { type: 'integer', about: 'person', required: true, ref: 'people', cascade: true, filter: true },
    project_id: { type: 'integer', about: 'project', required: true, ref: 'projects', cascade: true, filter: true },
    date: { type: 'date', about: 'day', required: true, sortable: true, span: 'on' },
    hours: { type: 'number', about: 'hours, rounded to 2 decimals', required: true, min: 0, max: 24 },
    phase_id: { type: 'integer', about: 'phase, 0 = none', ref: 'phases', zeroIsNone: true, default: 0, filter: true },
    task_id: { type: 'integer', about: 'allocation it answers', ref: 'allocations' },
    task_meta_id: { type: 'integer', about: 'project task; wins over task_name', ref: 'project-tasks', filter: true },
    task_name: { type: 'string', about: 'project task name; an unknown name creates one', maxLength: 150 },
    notes: { type: 'string', about: 'free text', maxLength: 1500 },
    billable: { type: 'flag', about: 'from project, phase or task', readOnly: true },
    reference_date: { type: 'date', about: 'with task_id: suppresses a suggestion in the interface' },
    locked: { type: 'flag', about: '1 = the timesheet is locked', readOnly: true, default: 0 },
    locked_date: { type: 'date', about: 'when it was locked', readOnly: true },
    priority: { type: 'integer', about: 'undocumented', readOnly: true },
    ...STAMPS,
  },
} as const satisfies Resource;

/** Codes of places of work. */
export const STATUS_TYPES = { 1: 'home', 2: 'travel', 3: 'custom', 4: 'office' } as const;

/** Places of work, which Float calls statuses. */
export const statuses = {
  key: 'statuses',
  path: '/status',
  singular: 'status',
  about: 'Where a person works on given days (home, travel, office): no workflow states.',
  operations: ALL_OPERATIONS,
  range: true,
  supports: ['fields'],
  quirks: { wrapper: 'status', emptyListIs204: true },
  fields: {
    status_id: { type: 'integer', about: 'id of the status', id: true, readOnly: true },
    // No `values`: teams add types of their own in settings, and no endpoint lists them.
    status_type_id: { type: 'integer', about: '1 home, 2 travel, 3 custom, 4 office', required: true, filter: true },
    people_id: { type: 'integer', about: 'person', required: true, ref: 'people', cascade: true, filter: true },
    status_name: { type: 'string', about: 'only for type 3', maxLength: 200 },
    start_date: { type: 'date', about: 'first day', required: true, span: 'start' },
    end_date: { type: 'date', about: 'last day', required: true, span: 'end' },
    repeat_state: { type: 'integer', about: 'recurrence', values: REPEAT_STATES, default: 0 },
    repeat_end_date: { type: 'date', about: 'end of the series', span: 'until' },
    ...STAMPS,
  },
} as const satisfies Resource;
