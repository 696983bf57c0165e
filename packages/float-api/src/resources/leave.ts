import { ALL_OPERATIONS, READ_OPERATIONS, type Resource } from './resource-types.js';
import { COLOR, REPEAT_STATES, STAMPS } from './shared.js';

/** Status codes of time off. float-mcp also reads 3 as "rejected", which Float does not document. */
export const TIMEOFF_STATUSES = { 1: 'tentative', 2: 'confirmed' } as const;

/** Time off of people. */
export const timeoffs = {
  key: 'timeoffs',
  path: '/timeoffs',
  singular: 'time off',
  about: 'Leave. One record can cover several people. Float has no person filter here.',
  operations: ALL_OPERATIONS,
  deletedLog: true,
  range: true,
  supports: ['modified_since', 'fields', 'sort'],
  fields: {
    timeoff_id: { type: 'integer', about: 'id of the time off', id: true, readOnly: true, sortable: true },
    timeoff_type_id: { type: 'integer', about: 'type', required: true, ref: 'timeoff-types', filter: true },
    timeoff_type_name: { type: 'string', about: 'name of the type', readOnly: true },
    people_ids: { type: 'integers', about: 'people it covers', required: true, ref: 'people', cascade: true },
    start_date: { type: 'date', about: 'first day', required: true, sortable: true, span: 'start' },
    end_date: { type: 'date', about: 'last day', required: true, sortable: true, span: 'end' },
    full_day: { type: 'flag', about: '1 = whole days, hours ignored', default: 0, filter: true },
    hours: { type: 'number', about: 'hours per day; needed unless full_day', min: 0, max: 24 },
    start_time: { type: 'time', about: 'time of day it starts' },
    timeoff_notes: { type: 'string', about: 'free text' },
    status: { type: 'integer', about: 'status', values: TIMEOFF_STATUSES, default: 2, filter: true },
    status_note: { type: 'string', about: 'note of the approver', readOnly: true },
    status_creator_id: { type: 'integer', about: 'account that decided', readOnly: true, ref: 'accounts' },
    repeat_state: { type: 'integer', about: 'recurrence', values: REPEAT_STATES, default: 0 },
    repeat_end: { type: 'date', about: 'end of the series', span: 'until' },
    ...STAMPS,
  },
} as const satisfies Resource;

/** Types of time off. */
export const timeoffTypes = {
  key: 'timeoff-types',
  path: '/timeoff-types',
  singular: 'time off type',
  about: 'Kinds of leave. They cannot be deleted through the API.',
  operations: ['list', 'get', 'create', 'update'],
  fields: {
    timeoff_type_id: { type: 'integer', about: 'id of the type', id: true, readOnly: true },
    timeoff_type_name: { type: 'string', about: 'name ("*" is reserved)', required: true, maxLength: 200 },
    color: COLOR,
    active: { type: 'flag', about: '0 = archived', default: 1, filter: true },
    approval_required: { type: 'flag', about: '1 = a manager must approve', readOnly: true, default: 0 },
    created_by: STAMPS.created_by,
  },
} as const satisfies Resource;

/** Public holidays by region. */
export const publicHolidays = {
  key: 'public-holidays',
  path: '/public-holidays',
  singular: 'public holiday',
  about: "Public holidays by region; people are linked by region_id. Read-only. Without dates: this year's.",
  operations: READ_OPERATIONS,
  // The id is unique within a region only.
  identity: ['region', 'id'],
  range: true,
  filters: { year: { type: 'integer', about: 'year, default the current one; a date range overrides it' } },
  fields: {
    id: { type: 'integer', about: 'id of the holiday', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true },
    dates: { type: 'dates', about: 'days', required: true, span: 'on' },
    region: { type: 'integer', about: 'region', required: true, filter: true },
  },
} as const satisfies Resource;

/** Holidays of the whole team. */
export const holidays = {
  key: 'holidays',
  path: '/holidays',
  singular: 'team holiday',
  about: 'Days off for the whole team.',
  operations: ALL_OPERATIONS,
  fields: {
    holiday_id: { type: 'integer', about: 'id of the holiday', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    date: { type: 'date', about: 'day', required: true, span: 'start' },
    end_date: { type: 'date', about: 'last day when longer than one', span: 'end' },
  },
} as const satisfies Resource;
