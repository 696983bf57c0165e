import { ALL_OPERATIONS, type Resource } from './resource-types.js';
import { COLOR, STAMPS } from './shared.js';

/** Status codes of projects. */
export const PROJECT_STATUSES = { 0: 'draft', 1: 'tentative', 2: 'confirmed', 3: 'completed', 4: 'canceled' } as const;
/** Codes of budget types. */
export const BUDGET_TYPES = { 0: 'none', 1: 'total hours', 2: 'total fee', 3: 'hourly fee' } as const;
/** Codes of the level at which a budget is set. */
export const BUDGET_PRIORITIES = { 0: 'on the project', 1: 'on its phases', 2: 'on its project tasks' } as const;

/** Clients. */
export const clients = {
  key: 'clients',
  path: '/clients',
  singular: 'client',
  about: 'Clients that projects are done for.',
  operations: ALL_OPERATIONS,
  fields: {
    client_id: { type: 'integer', about: 'id of the client', id: true, readOnly: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200 },
  },
} as const satisfies Resource;

/** Projects. */
export const projects = {
  key: 'projects',
  path: '/projects',
  singular: 'project',
  about: 'Projects with their budget, status and team.',
  operations: ALL_OPERATIONS,
  actions: {
    'from-template': {
      path: '/projects/from-template',
      about: 'Creates a project from a template. Its body is not documented.',
      fields: {
        template_id: { type: 'integer', about: 'template', required: true, ref: 'project-templates' },
        name: { type: 'string', about: 'name of the project', required: true, maxLength: 200 },
        client_id: { type: 'integer', about: 'client', ref: 'clients' },
        start_date: { type: 'date', about: 'first day' },
      },
    },
  },
  supports: ['modified_since', 'fields', 'sort'],
  fields: {
    project_id: { type: 'integer', about: 'id of the project', id: true, readOnly: true, sortable: true },
    name: { type: 'string', about: 'name', required: true, maxLength: 200, sortable: true },
    project_code: { type: 'string', about: 'unique code, case-insensitive', maxLength: 32, filter: true },
    client_id: { type: 'integer', about: 'client', ref: 'clients', filter: true },
    color: COLOR,
    notes: { type: 'string', about: 'free text' },
    tags: { type: 'strings', about: 'tags, plain strings', default: [], filter: 'tag_name' },
    budget_type: { type: 'integer', about: 'kind of budget', values: BUDGET_TYPES, default: 0 },
    budget_priority: { type: 'integer', about: 'where the budget is set', values: BUDGET_PRIORITIES, default: 0 },
    budget_per_phase: { type: 'flag', about: 'deprecated form of budget_priority 1', readOnly: true, default: 0 },
    budget_total: { type: 'money', about: 'hours or money, only for budget types 1 and 2 on the project', min: 0 },
    default_hourly_rate: { type: 'money', about: 'single bill rate for the whole team', min: 0 },
    non_billable: { type: 'flag', about: '1 = not billable', default: 0, filter: 'nonBillable' },
    status: { type: 'integer', about: 'status', values: PROJECT_STATUSES, default: 2, filter: true },
    tentative: { type: 'flag', about: 'deprecated form of status 1', readOnly: true, default: 0 },
    stage_id: { type: 'integer', about: 'project stage; wins over status', ref: 'project-stages' },
    rate_card_id: { type: 'integer', about: 'rate card', ref: 'rate-cards' },
    locked_task_list: { type: 'flag', about: '1 = only project editors add project tasks', default: 0 },
    active: { type: 'flag', about: '0 = archived', default: 1, filter: true },
    project_manager: { type: 'integer', about: 'ACCOUNT id of the manager, not a person id', ref: 'accounts' },
    all_pms_schedule: { type: 'flag', about: '1 = every manager may schedule', default: 0 },
    start_date: { type: 'date', about: 'first day: set by hand, else derived', sortable: true, span: 'start' },
    end_date: { type: 'date', about: 'last day: set by hand, else derived', sortable: true, span: 'end' },
    project_team: {
      type: 'objects',
      about: "team; write {set|add|del: [...]}. set and del also delete those people's work on the project",
      expand: true,
      writeAs: 'object',
      shape: {
        people_id: { type: 'integer', about: 'person', required: true, ref: 'people' },
        role_id: { type: 'integer', about: 'role on the project', ref: 'roles' },
        phase_id: { type: 'integer', about: '0', default: 0 },
        hourly_rate: { type: 'money', about: 'bill rate on the project' },
      },
    },
    project_tasks: { type: 'objects', about: '{task_meta_id, task_name, billable}', readOnly: true, expand: true },
    ...STAMPS,
  },
} as const satisfies Resource;
