import { ALL_OPERATIONS, READ_OPERATIONS, type Resource } from './resource-types.js';
import { STAMPS } from './shared.js';

/** Codes of account types. */
export const ACCOUNT_TYPES = { 1: 'account owner', 2: 'admin', 4: 'member', 5: 'billing', 7: 'manager' } as const;

/** Logins of the team. */
export const accounts = {
  key: 'accounts',
  path: '/accounts',
  singular: 'account',
  about: 'Logins of the team. Read-only; an account without a person is a guest.',
  operations: READ_OPERATIONS,
  fields: {
    account_id: { type: 'integer', about: 'id of the account', id: true, readOnly: true },
    name: { type: 'string', about: 'name of the user', required: true, maxLength: 200 },
    email: { type: 'string', about: 'login e-mail', maxLength: 200 },
    account_type: { type: 'integer', about: 'kind of access', values: ACCOUNT_TYPES, default: 4 },
    access: { type: 'integer', about: 'granular rights, read with account_type' },
    department_filter_id: { type: 'integer', about: 'older form of department_filter', ref: 'departments' },
    department_filter: { type: 'integers', about: 'departments the account may see', ref: 'departments' },
    view_rights: { type: 'flag', about: 'deprecated, see access', default: 1 },
    edit_rights: { type: 'flag', about: 'deprecated, see access', default: 0 },
    budget_rights: { type: 'integer', about: 'undocumented' },
    timezone: { type: 'string', about: 'TZ identifier, set when the time-logging timer was used' },
    avatar: { type: 'string', about: 'thumbnail file name' },
    active: { type: 'flag', about: '0 = disabled', default: 1 },
    people_id: { type: 'integer', about: 'person behind the account, null for a guest', ref: 'people', expand: true },
    created: STAMPS.created,
    modified: STAMPS.modified,
  },
} as const satisfies Resource;

/** The tree of departments. */
export const departments = {
  key: 'departments',
  path: '/departments',
  singular: 'department',
  about: 'Departments, a tree.',
  operations: ALL_OPERATIONS,
  fields: {
    department_id: { type: 'integer', about: 'id of the department', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    parent_id: { type: 'integer', about: 'parent department, null at the top', ref: 'departments' },
  },
} as const satisfies Resource;

/** Job roles. */
export const roles = {
  key: 'roles',
  path: '/roles',
  singular: 'role',
  about: 'Job roles with their rates. They carry no permissions.',
  operations: ALL_OPERATIONS,
  fields: {
    id: { type: 'integer', about: 'id of the role', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
    default_hourly_rate: { type: 'money', about: 'bill rate of the role', min: 0 },
    cost_rate_history: { type: 'objects', about: 'cost rates: {rate, effective_date}', readOnly: true, expand: true },
    people_ids: { type: 'integers', about: 'people with this role', readOnly: true, expand: true, ref: 'people' },
    people_count: { type: 'integer', about: 'number of people with this role', readOnly: true, expand: true },
    ...STAMPS,
  },
} as const satisfies Resource;
