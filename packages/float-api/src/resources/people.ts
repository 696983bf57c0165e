import { ALL_OPERATIONS, type Resource } from './resource-types.js';
import { STAMPS } from './shared.js';

/** Codes of people types. */
export const PEOPLE_TYPES = { 1: 'employee', 2: 'contractor', 3: 'placeholder', 4: 'role placeholder' } as const;

/** People on the schedule. */
export const people = {
  key: 'people',
  path: '/people',
  singular: 'person',
  about: 'People on the schedule. Creating one never creates a login; each active person uses a paid seat.',
  operations: ALL_OPERATIONS,
  supports: ['modified_since', 'fields', 'sort'],
  fields: {
    people_id: { type: 'integer', about: 'id of the person', id: true, readOnly: true, sortable: true },
    name: { type: 'string', about: 'full name', required: true, maxLength: 150, sortable: true },
    people_code: { type: 'string', about: 'external code', maxLength: 32 },
    email: { type: 'string', about: 'e-mail address', maxLength: 200, filter: true, sortable: true },
    job_title: { type: 'string', about: 'name of the role; an unknown name creates a role', maxLength: 200 },
    role_id: { type: 'integer', about: 'role; wins over job_title', ref: 'roles' },
    department: {
      type: 'object',
      about: 'department; write {department_id}',
      shape: {
        department_id: { type: 'integer', about: 'id of the department', required: true, ref: 'departments' },
        name: { type: 'string', about: 'name of the department', readOnly: true },
        parent_id: { type: 'integer', about: 'parent department', readOnly: true, ref: 'departments' },
      },
    },
    department_id: {
      type: 'integer',
      about: 'flat form of department',
      ref: 'departments',
      writeOnly: true,
      filter: true,
    },
    notes: { type: 'string', about: 'free text', maxLength: 65535 },
    avatar_file: { type: 'string', about: 'thumbnail file name', readOnly: true },
    auto_email: { type: 'flag', about: 'weekly schedule e-mail', default: 0 },
    employee_type: { type: 'flag', about: '1 full-time, 0 part-time', default: 1, filter: 'employee_type_id' },
    work_days_hours: {
      type: 'numbers',
      about: 'working hours per day, Sunday to Saturday',
      length: 7,
      min: 0,
      max: 24,
    },
    work_days_hours_history: { type: 'object', about: 'effective date to working hours', readOnly: true },
    active: { type: 'flag', about: '0 = archived: off the schedule, no seat', default: 1, filter: true },
    people_type_id: { type: 'integer', about: 'kind of person', values: PEOPLE_TYPES, default: 1, filter: true },
    contractor: { type: 'flag', about: 'legacy form of people_type_id 2', readOnly: true, default: 0 },
    tags: {
      type: 'objects',
      about: 'tags; skills are kept here',
      default: [],
      filter: 'tag_name',
      shape: {
        name: { type: 'string', about: 'text of the tag', required: true, maxLength: 64 },
        type: { type: 'integer', about: 'kind of tag', default: 1 },
      },
    },
    start_date: { type: 'date', about: 'first day of employment', span: 'start' },
    end_date: { type: 'date', about: 'last day of employment', span: 'end' },
    default_hourly_rate: { type: 'money', about: 'bill rate used when joining a fee project', min: 0 },
    cost_rate: { type: 'money', about: 'cost to the business per hour', min: 0 },
    effective_date: { type: 'date', about: 'on update: from when a changed rate or week applies', writeOnly: true },
    region_id: { type: 'integer', about: 'region whose public holidays apply' },
    contracts: { type: 'objects', about: 'role and cost rate over time', readOnly: true, expand: true },
    account: { type: 'object', about: 'linked account or null', readOnly: true, expand: true },
    managers: {
      type: 'integers',
      about: 'accounts that manage the person',
      readOnly: true,
      expand: true,
      ref: 'accounts',
    },
    ...STAMPS,
  },
} as const satisfies Resource;
